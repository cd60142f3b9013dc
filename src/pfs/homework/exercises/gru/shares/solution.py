import torch
from torch import Tensor


def shares(z: Tensor) -> Tensor:
    later = torch.ones_like(z[0])
    rows = []
    for gate in z.flip(0):
        rows.append((1 - gate) * later)
        later = later * gate
    rows.append(later)
    return torch.stack(rows).flip(0)
