def rmsprop(theta, g, v, lr=0.01, alpha=0.99, eps=1e-8):
    square = v.clone()
    square.mul_(alpha).addcmul_(g, g, value=1 - alpha)
    rates = (square.pow(0.5) + eps).reciprocal() * lr
    return theta.clone().sub_(rates * g), square
