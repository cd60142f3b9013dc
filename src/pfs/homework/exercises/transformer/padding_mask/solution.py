import torch
from torch import Tensor


def padding_mask(ids: Tensor, padding: int) -> Tensor:
    real = ids != padding
    return real[:, None, None, :]
