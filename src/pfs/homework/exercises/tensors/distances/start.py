import torch
from torch import Tensor


def distances(x: Tensor, y: Tensor) -> Tensor:
    return ...
