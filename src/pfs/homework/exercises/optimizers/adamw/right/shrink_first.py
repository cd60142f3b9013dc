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
    theta = theta * (1 - lr * weight_decay)
    m = m.lerp(g, 1 - beta1)
    v = v.mul(beta2).addcmul(g, g, value=1 - beta2)
    root = v.sqrt() / (1 - beta2**t) ** 0.5 + eps
    return theta.addcdiv(m, root, value=-lr / (1 - beta1**t)), m, v
