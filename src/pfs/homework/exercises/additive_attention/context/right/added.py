import torch


def context(scores, keys, lengths):
    steps = torch.ones_like(scores[:, :1]).cumsum(-1)
    low = torch.zeros_like(steps)
    low = low.masked_fill(steps > lengths[:, None, None], float("-inf"))
    weights = torch.softmax(scores + low, 2)
    return (weights[..., None] * keys[:, None]).sum(2), weights
