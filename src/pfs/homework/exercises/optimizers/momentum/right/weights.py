import torch


def momentum(theta, g, v, lr, mu, *, nesterov=False):
    of_g, of_v = (1 + mu, mu**2) if nesterov else (1, mu)
    return theta - (lr * of_g) * g - (lr * of_v) * v, torch.add(g, v, alpha=mu)
