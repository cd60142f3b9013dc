import torch
from torch import Tensor


def follow(theta: Tensor, momentum: float) -> Tensor:
    rows = [theta[0]]
    for leader in theta[1:]:
        rows.append(momentum * rows[-1] + (1 - momentum) * leader)
    return torch.stack(rows)
