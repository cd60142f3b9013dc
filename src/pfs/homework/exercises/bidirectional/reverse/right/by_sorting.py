import torch


def reverse(x, lengths):
    place = torch.arange(x.shape[1], device=x.device).expand(x.shape[:2])
    inside = place < lengths.unsqueeze(1)
    order = torch.where(inside, -1 - place, place).argsort(1)
    return x[torch.arange(len(x), device=x.device)[:, None], order]
