import math


def adam(theta, g, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    root = math.sqrt(1 - beta2**t)
    rate = lr * root / (1 - beta1**t)
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g.square() - v)
    return theta - rate * m / (v.sqrt() + eps * root), m, v
