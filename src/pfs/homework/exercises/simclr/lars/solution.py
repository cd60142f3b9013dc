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
    long = w.norm()
    below = g.norm() + weight_decay * long
    ratio = eta * long / below
    ratio = torch.where((long > 0) & (below > 0), ratio, 1.0)
    v = momentum * v + lr * ratio * (g + weight_decay * w)
    return w - v, v
