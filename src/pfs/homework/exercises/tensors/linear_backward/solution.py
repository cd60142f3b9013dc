import torch
from torch import Tensor


def linear_backward(
    x: Tensor, weight: Tensor, dy: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    rows = x.reshape(-1, x.shape[-1])
    slopes = dy.reshape(-1, dy.shape[-1])
    dx = dy @ weight
    dweight = slopes.T @ rows
    dbias = slopes.sum(0)
    return dx, dweight, dbias
