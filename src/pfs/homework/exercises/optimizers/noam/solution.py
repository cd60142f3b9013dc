import torch
from torch import Tensor


def noam(step: Tensor, d_model: int, warmup: int) -> Tensor:
    rising = step * warmup**-1.5
    falling = step**-0.5
    return d_model**-0.5 * torch.minimum(rising, falling)
