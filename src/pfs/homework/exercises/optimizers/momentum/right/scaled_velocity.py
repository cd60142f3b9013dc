def momentum(theta, g, v, lr, mu, *, nesterov=False):
    jump = mu * (lr * v) + lr * g
    new = theta - jump
    if nesterov:
        new = theta - (mu * jump + lr * g)
    return new, v.mul(mu) + g
