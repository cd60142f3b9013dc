import torch


def dropout(x, p, training, generator):
    if not training or p == 0:
        return x.clone()
    keep = torch.empty_like(x).bernoulli_(1 - p, generator=generator)
    return torch.where(keep > 0, x, 0) / (1 - p if p < 1 else 1)
