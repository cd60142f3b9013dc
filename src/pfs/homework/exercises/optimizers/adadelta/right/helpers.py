def adadelta(theta, g, v, u, lr=1.0, rho=0.9, eps=1e-6):
    def mix(old, new):
        return old + (1 - rho) * (new.pow(2) - old)

    def size(mean):
        return (mean + eps).pow(0.5)

    v = mix(v, g)
    change = -size(u) * g / size(v)
    return theta + lr * change, v, mix(u, change)
