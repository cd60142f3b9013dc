import torch
from torch import Tensor


def gru_step(
    x: Tensor, h: Tensor, weight_ih: Tensor, weight_hh: Tensor, bias: Tensor
) -> Tensor:
    a_r, a_z, a_n = (x @ weight_ih.T + bias).chunk(3, dim=1)
    u_r, u_z, u_n = weight_hh.chunk(3)
    r = torch.sigmoid(a_r + h @ u_r.T)
    z = torch.sigmoid(a_z + h @ u_z.T)
    n = torch.tanh(a_n + (r * h) @ u_n.T)
    return z * h + (1 - z) * n
