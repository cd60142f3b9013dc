import torch
from torch import Tensor


def released(f: Tensor, copies: Tensor, temperature: float) -> Tensor:
    return ...
