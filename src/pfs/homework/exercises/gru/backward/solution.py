import torch
from torch import Tensor


def step_back(
    dh: Tensor, a: Tensor, s: Tensor, h: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    a_r, a_z, a_n = a.chunk(3, dim=1)
    s_r, s_z, s_n = s.chunk(3, dim=1)
    r, z = torch.sigmoid(a_r + s_r), torch.sigmoid(a_z + s_z)
    n = torch.tanh(a_n + r * s_n)
    d_n = dh * (1 - z) * (1 - n**2)
    d_z = dh * (h - n) * z * (1 - z)
    d_r = d_n * s_n * r * (1 - r)
    da = torch.cat([d_r, d_z, d_n], dim=1)
    ds = torch.cat([d_r, d_z, d_n * r], dim=1)
    return da, ds, dh * z
