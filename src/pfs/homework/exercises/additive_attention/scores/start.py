import torch
from torch import Tensor


def scores(
    states: Tensor, keys: Tensor, W: Tensor, U: Tensor, v: Tensor
) -> Tensor:
    return ...
