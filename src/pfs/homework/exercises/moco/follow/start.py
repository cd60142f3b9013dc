import torch
from torch import Tensor


def follow(theta: Tensor, momentum: float) -> Tensor:
    return ...
