import torch


def rmsprop(theta, g, v, lr=0.01, alpha=0.99, eps=1e-8):
    v = torch.lerp(v, g * g, 1 - alpha)
    return theta.addcdiv(g, v.sqrt().add(eps), value=-lr), v
