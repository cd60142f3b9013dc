import torch
from torch import Tensor


def fold(
    weight: Tensor,
    gain: Tensor,
    shift: Tensor,
    mean: Tensor,
    var: Tensor,
    eps: float,
) -> tuple[Tensor, Tensor]:
    scale = gain / torch.sqrt(var + eps)
    kernel = scale[:, None, None, None] * weight
    bias = shift - scale * mean
    return kernel, bias
