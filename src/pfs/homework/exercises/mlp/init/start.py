import torch
from torch import Tensor


def initial_weight(
    shape: tuple[int, ...], scheme: str, generator: torch.Generator
) -> Tensor:
    return ...
