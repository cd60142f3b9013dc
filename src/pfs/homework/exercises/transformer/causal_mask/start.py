import torch
from torch import Tensor


def causal_mask(scores: Tensor) -> Tensor:
    return ...
