import torch
from torch import Tensor


def cosine(epoch: Tensor, epochs: int, rate: float) -> Tensor:
    return ...
