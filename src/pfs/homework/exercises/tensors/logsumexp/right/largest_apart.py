import torch


def logsumexp(x):
    falling = x.sort(dim=-1, descending=True).values
    first, others = falling[..., 0], falling[..., 1:]
    rest = (others - first.unsqueeze(-1)).exp().sum(-1)
    return torch.where(first.isinf(), first, first + rest.log1p())
