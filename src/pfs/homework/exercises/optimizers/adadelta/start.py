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
    return ...
