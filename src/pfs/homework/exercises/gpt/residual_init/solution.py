import math

import torch
from torch import Tensor


def first_weight(
    shape: tuple[int, ...],
    added: bool,
    layers: int,
    generator: torch.Generator,
) -> Tensor:
    if len(shape) == 1:
        return torch.zeros(shape)
    std = 0.02
    if added:
        std = std / math.sqrt(2 * layers)
    return std * torch.randn(shape, generator=generator)
