import torch
from torch import Tensor


def gru_step(
    x: Tensor, h: Tensor, weight_ih: Tensor, weight_hh: Tensor, bias: Tensor
) -> Tensor:
    return ...
