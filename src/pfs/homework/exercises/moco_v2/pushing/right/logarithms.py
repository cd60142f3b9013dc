import torch


def pushing(cosines, temperature):
    s = cosines / temperature
    log = 2 * torch.logsumexp(s, -1) - torch.logsumexp(2 * s, -1)
    return log.exp()
