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
    a = x @ weight_ih.T + h @ weight_hh.T + bias
    a_i, a_f, a_g, a_o = a.chunk(4, dim=1)
    p_i, p_f, p_o = peephole

    i = torch.sigmoid(a_i + p_i * c)
    f = torch.sigmoid(a_f + p_f * c)
    new = f * c + i * torch.tanh(a_g)
    o = torch.sigmoid(a_o + p_o * new)
    return o * torch.tanh(new), new
