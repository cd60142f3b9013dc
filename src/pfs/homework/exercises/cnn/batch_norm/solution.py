import torch
from torch import Tensor


def column(numbers: Tensor) -> Tensor:
    return numbers[:, None, None]


def batch_norm(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    training: bool,
    momentum: float,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:
    mean, var = running_mean, running_var
    if training:
        axes = (0, 2, 3)
        mean, var = x.mean(axes), x.var(axes, correction=0)
        new_mean, new_var = mean.detach(), x.detach().var(axes)
        keep = 1 - momentum
        running_mean = keep * running_mean + momentum * new_mean
        running_var = keep * running_var + momentum * new_var

    normal = (x - column(mean)) / torch.sqrt(column(var) + eps)
    y = column(weight) * normal + column(bias)
    return y, running_mean, running_var
