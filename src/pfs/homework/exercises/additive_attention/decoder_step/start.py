import torch
from torch import Tensor


def decoder_step(
    y: Tensor,
    s: Tensor,
    keys: Tensor,
    W: Tensor,
    U: Tensor,
    v: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias_ih: Tensor,
    bias_hh: Tensor,
) -> tuple[Tensor, Tensor]:
    return ...
