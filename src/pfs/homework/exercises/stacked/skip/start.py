import torch
from torch import Tensor

Weights = tuple[Tensor, Tensor, Tensor]


def deep(
    x: Tensor,
    h: Tensor,
    weights: list[Weights],
    output: tuple[Tensor, Tensor],
) -> tuple[Tensor, Tensor]:
    return ...
