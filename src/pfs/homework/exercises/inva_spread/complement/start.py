import torch
from torch import Tensor


def complement(scores: Tensor) -> Tensor:
    return ...
