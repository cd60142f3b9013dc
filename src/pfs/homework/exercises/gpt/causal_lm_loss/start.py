import torch
from torch import Tensor


def causal_lm_loss(logits: Tensor, ids: Tensor, lengths: Tensor) -> Tensor:
    return ...
