import torch
from torch import Tensor


def remember(
    bank: Tensor, embeddings: Tensor, index: Tensor, momentum: float
) -> Tensor:
    same = (index[:, None] == index).to(bank.dtype)
    mean = same @ embeddings / same.sum(1, keepdim=True)
    mixed = momentum * bank[index] + (1 - momentum) * mean
    rows = mixed / mixed.norm(dim=1, keepdim=True)
    return bank.index_copy(0, index, rows)
