def adagrad(theta, g, s, lr=0.01, eps=1e-10):
    total = s.clone()
    total += g * g
    rates = lr / (total**0.5 + eps)
    new = theta.clone()
    new -= rates * g
    return new, total
