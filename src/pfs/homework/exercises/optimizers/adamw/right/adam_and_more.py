def adam(theta, g, m, v, t, lr, beta1, beta2, eps):
    m = m - (1 - beta1) * (m - g)
    v = v - (1 - beta2) * (v - g.square())
    scale = (v / (1 - beta2**t)).pow(0.5) + eps
    return theta - m / scale * (lr / (1 - beta1**t)), m, v


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
    new, m, v = adam(theta, g, m, v, t, lr, beta1, beta2, eps)
    return new - weight_decay * lr * theta, m, v
