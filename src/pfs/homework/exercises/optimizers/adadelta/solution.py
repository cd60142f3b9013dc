import torch
from torch import Tensor


def adadelta(
    theta: Tensor,
    g: Tensor,
    v: Tensor,
    u: Tensor,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> tuple[Tensor, Tensor, Tensor]:
    v = rho * v + (1 - rho) * g**2
    move = (u + eps).sqrt() / (v + eps).sqrt() * g
    u = rho * u + (1 - rho) * move**2
    return theta - lr * move, v, u
