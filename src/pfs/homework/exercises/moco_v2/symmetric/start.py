import torch
from torch import Tensor


def symmetric(
    q1: Tensor,
    k1: Tensor,
    q2: Tensor,
    k2: Tensor,
    queue: Tensor,
    temperature: float,
) -> Tensor:
    return ...
