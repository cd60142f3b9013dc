def rmsprop(theta, g, v, lr=0.01, alpha=0.99, eps=1e-8):
    surprise = g.square() - v
    v = v + (1 - alpha) * surprise
    direction = g / (eps + v.sqrt())
    return theta.sub(direction, alpha=lr), v
