import math

import torch
from torch import Tensor


def initial_weight(
    shape: tuple[int, ...], scheme: str, generator: torch.Generator
) -> Tensor:
    area = math.prod(shape[2:])
    fan_in, fan_out = shape[1] * area, shape[0] * area
    if scheme == "glorot_uniform":
        bound = math.sqrt(6 / (fan_in + fan_out))
        return bound * (2 * torch.rand(shape, generator=generator) - 1)
    deviation = math.sqrt(2 / fan_in)
    return deviation * torch.randn(shape, generator=generator)
