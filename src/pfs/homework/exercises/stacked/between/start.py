import torch
from torch import Tensor

Weights = tuple[Tensor, Tensor, Tensor]


def between(
    x: Tensor, h: Tensor, weights: list[Weights], masks: Tensor, p: float
) -> tuple[Tensor, Tensor]:
    return ...
