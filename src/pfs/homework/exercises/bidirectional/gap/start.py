import torch
from torch import Tensor


def gap(ahead: Tensor, back: Tensor, lengths: Tensor) -> Tensor:
    return ...
