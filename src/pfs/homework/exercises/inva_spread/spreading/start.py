import torch
from torch import Tensor


def spreading(f: Tensor, temperature: float) -> Tensor:
    return ...
