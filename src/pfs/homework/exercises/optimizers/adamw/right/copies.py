import math


def adamw(
    theta,
    g,
    m,
    v,
    t,
    lr=0.001,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
    weight_decay=0.01,
):
    mean = m.clone().mul_(beta1).add_(g, alpha=1 - beta1)
    square = v.clone().mul_(beta2).add_(g * g, alpha=1 - beta2)
    root = math.sqrt(1 - beta2**t)
    rate = lr * root / (1 - beta1**t)
    new = theta.clone().sub_(rate * mean / (square.sqrt() + eps * root))
    return new.sub_(theta, alpha=lr * weight_decay), mean, square
