import torch
from torch import Tensor


def unbroadcast(dy: Tensor, shape: tuple[int, ...]) -> Tensor:
    total = dy
    for _ in range(dy.dim() - len(shape)):
        total = total.sum(0)
    for axis, size in enumerate(shape):
        if size == 1:
            total = total.sum(axis, keepdim=True)
    return total
