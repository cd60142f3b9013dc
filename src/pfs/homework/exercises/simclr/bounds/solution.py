import math

import torch
from torch import Tensor


def bounds(images: int, temperature: Tensor) -> tuple[Tensor, Tensor]:
    nothing = torch.full_like(temperature, math.log(2 * images - 1))
    negatives = 2 * images - 2
    perfect = torch.log1p(negatives * torch.exp(-1 / temperature))
    return nothing, perfect
