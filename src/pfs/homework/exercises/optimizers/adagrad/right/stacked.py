import torch


def adagrad(theta, g, s, lr=0.01, eps=1e-10):
    total = torch.stack([s, g.square()]).sum(0)
    direction = torch.div(g, eps + torch.sqrt(total))
    return torch.sub(theta, direction, alpha=lr), total
