import torch
from torch import Tensor


def clip(
    gradients: list[Tensor], max_norm: float
) -> tuple[list[Tensor], Tensor]:
    return ...
