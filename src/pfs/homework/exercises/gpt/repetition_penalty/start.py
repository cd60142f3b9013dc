import torch
from torch import Tensor


def penalize(logits: Tensor, ids: Tensor, penalty: float) -> Tensor:
    return ...
