import math

import torch
from torch import Tensor


def cosine(epoch: Tensor, epochs: int, rate: float) -> Tensor:
    angle = math.pi * epoch / epochs
    return rate / 2 * (1 + torch.cos(angle))
