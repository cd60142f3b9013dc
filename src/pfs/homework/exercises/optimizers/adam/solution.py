import torch
from torch import Tensor


def adam(
    theta: Tensor,
    g: Tensor,
    m: Tensor,
    v: Tensor,
    t: int,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Tensor, Tensor, Tensor]:
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    mean = m / (1 - beta1**t)
    square = v / (1 - beta2**t)
    return theta - lr * mean / (square.sqrt() + eps), m, v
