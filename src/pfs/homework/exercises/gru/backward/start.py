import torch
from torch import Tensor


def step_back(
    dh: Tensor, a: Tensor, s: Tensor, h: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    return ...
