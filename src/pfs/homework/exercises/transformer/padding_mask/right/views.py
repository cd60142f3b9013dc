import torch


def padding_mask(ids, padding):
    same = torch.eq(ids, padding)
    return same.logical_not()[:, None].unsqueeze(-2)
