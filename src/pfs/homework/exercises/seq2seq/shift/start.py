import torch
from torch import Tensor


def shift(target: Tensor, bos: int) -> Tensor:
    return ...
