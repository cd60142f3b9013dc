import torch
from torch import Tensor


def remember(
    bank: Tensor, embeddings: Tensor, index: Tensor, momentum: float
) -> Tensor:
    return ...
