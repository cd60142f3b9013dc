import torch
from torch import Tensor


def gradient(
    first: Tensor, second: Tensor, temperature: float
) -> tuple[Tensor, Tensor]:
    return ...
