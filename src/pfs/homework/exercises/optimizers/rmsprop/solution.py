import torch
from torch import Tensor


def rmsprop(
    theta: Tensor,
    g: Tensor,
    v: Tensor,
    lr: float = 0.01,
    alpha: float = 0.99,
    eps: float = 1e-8,
) -> tuple[Tensor, Tensor]:
    v = alpha * v + (1 - alpha) * g**2
    return theta - lr * g / (v.sqrt() + eps), v
