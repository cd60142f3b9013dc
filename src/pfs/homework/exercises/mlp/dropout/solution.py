import torch
from torch import Tensor


def dropout(
    x: Tensor, p: float, training: bool, generator: torch.Generator
) -> Tensor:
    if not training:
        return x
    if p == 1:
        return torch.zeros_like(x)
    draws = torch.rand(x.shape, generator=generator, device=x.device)
    keep = draws >= p
    return x * keep / (1 - p)
