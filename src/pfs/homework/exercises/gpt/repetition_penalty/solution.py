import torch
from torch import Tensor


def penalize(logits: Tensor, ids: Tensor, penalty: float) -> Tensor:
    nothing = torch.zeros_like(logits, dtype=torch.bool)
    written = nothing.scatter(1, ids, True)
    less = torch.where(logits > 0, logits / penalty, logits * penalty)
    return torch.where(written, less, logits)
