import torch
from torch import Tensor


def info_nce(
    query: Tensor, key: Tensor, queue: Tensor, temperature: float
) -> Tensor:
    return ...
