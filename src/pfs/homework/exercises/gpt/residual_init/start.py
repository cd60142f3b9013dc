import torch
from torch import Tensor


def first_weight(
    shape: tuple[int, ...],
    added: bool,
    layers: int,
    generator: torch.Generator,
) -> Tensor:
    return ...
