import torch
from torch import Tensor


def smoothed_cross_entropy(
    logits: Tensor, target: Tensor, smoothing: float
) -> Tensor:
    return ...
