import torch
from torch import Tensor


def lars(
    w: Tensor,
    g: Tensor,
    v: Tensor,
    lr: float,
    momentum: float = 0.9,
    weight_decay: float = 0.0,
    eta: float = 0.001,
) -> tuple[Tensor, Tensor]:
    return ...
