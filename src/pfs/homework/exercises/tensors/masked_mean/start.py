import torch
from torch import Tensor


def masked_mean(x: Tensor, lengths: Tensor) -> Tensor:
    return ...
