import torch
from torch import Tensor


def adagrad(
    theta: Tensor, g: Tensor, s: Tensor, lr: float = 0.01, eps: float = 1e-10
) -> tuple[Tensor, Tensor]:
    s = s + g**2
    return theta - lr * g / (s.sqrt() + eps), s
