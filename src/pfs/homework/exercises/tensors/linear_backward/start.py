import torch
from torch import Tensor


def linear_backward(
    x: Tensor, weight: Tensor, dy: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    return ...
