import torch
from torch import Tensor


def momentum(
    theta: Tensor,
    g: Tensor,
    v: Tensor,
    lr: float,
    mu: float,
    *,
    nesterov: bool = False,
) -> tuple[Tensor, Tensor]:
    return ...
