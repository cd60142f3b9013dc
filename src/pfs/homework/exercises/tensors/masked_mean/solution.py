import torch
from torch import Tensor


def masked_mean(x: Tensor, lengths: Tensor) -> Tensor:
    steps = torch.arange(x.shape[1], device=x.device)
    padding = steps >= lengths[:, None]
    total = x.masked_fill(padding[:, :, None], 0).sum(1)
    return total / lengths.clamp(min=1)[:, None]
