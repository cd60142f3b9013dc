import torch


def pushing(cosines, temperature):
    best = cosines.amax(-1, keepdim=True).detach()
    w = torch.exp((cosines - best) / temperature)
    return w.sum(-1) ** 2 / (w**2).sum(-1)
