import torch
from torch import Tensor

Weights = tuple[Tensor, Tensor, Tensor, Tensor]


def step(
    x: Tensor, h: Tensor, c: Tensor, weights: list[Weights]
) -> tuple[Tensor, Tensor]:
    return ...
