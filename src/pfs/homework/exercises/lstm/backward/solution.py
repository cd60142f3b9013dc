import torch
from torch import Tensor


def step_back(
    dh: Tensor, dc: Tensor, z: Tensor, c: Tensor
) -> tuple[Tensor, Tensor]:
    i, f, g, o = z.chunk(4, dim=1)
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    after = torch.tanh(f * c + i * g)
    error = dc + dh * o * (1 - after**2)
    dz = [
        error * g * i * (1 - i),
        error * c * f * (1 - f),
        error * i * (1 - g**2),
        dh * after * o * (1 - o),
    ]
    return torch.cat(dz, dim=1), error * f
