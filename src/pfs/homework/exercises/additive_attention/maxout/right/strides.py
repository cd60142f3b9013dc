import torch


def maxout(x, pieces):
    best = x[..., ::pieces]
    for k in range(1, pieces):
        best = torch.maximum(best, x[..., k::pieces])
    return best
