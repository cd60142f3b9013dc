import torch
from torch import Tensor


def shift(target: Tensor, bos: int) -> Tensor:
    first = torch.full_like(target[:, :1], bos)
    return torch.cat([first, target[:, :-1]], 1)
