import torch
from torch import Tensor


def context(
    scores: Tensor, keys: Tensor, lengths: Tensor
) -> tuple[Tensor, Tensor]:
    return ...
