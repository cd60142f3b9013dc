import torch
from torch import Tensor

Weights = tuple[Tensor, Tensor, Tensor, Tensor]


def layers(
    x: Tensor, h: Tensor, weights: list[Weights]
) -> tuple[Tensor, Tensor]:
    return ...
