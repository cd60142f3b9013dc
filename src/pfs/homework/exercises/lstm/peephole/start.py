import torch
from torch import Tensor


def peephole_step(
    x: Tensor,
    h: Tensor,
    c: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    peephole: Tensor,
    bias: Tensor,
) -> tuple[Tensor, Tensor]:
    return ...
