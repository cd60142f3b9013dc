import torch
from torch import Tensor


def k_step(values: Tensor, weights: Tensor, bias: Tensor, steps: int) -> Tensor:
    known, context = values, weights.shape[0]
    for _ in range(steps):
        window = known[:, known.shape[1] - context :]
        following = (window * weights).sum(1) + bias
        known = torch.cat([known, following.unsqueeze(1)], dim=1)
    return known[:, values.shape[1] :]
