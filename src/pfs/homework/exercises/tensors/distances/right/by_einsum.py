import torch


def distances(x, y):
    apart = y.unsqueeze(0) - x.unsqueeze(1)
    return torch.einsum("nmf,nmf->nm", apart, apart)
