import torch


def shift(target, bos):
    read = torch.empty_like(target)
    read[:, :1] = bos
    read[:, 1:] = target[:, :-1]
    return read
