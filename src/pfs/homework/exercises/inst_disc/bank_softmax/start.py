import torch
from torch import Tensor


def bank_softmax(
    embeddings: Tensor, bank: Tensor, index: Tensor, temperature: float
) -> Tensor:
    return ...
