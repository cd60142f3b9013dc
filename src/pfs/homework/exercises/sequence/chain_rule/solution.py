import torch
from torch import Tensor


def chain_rule(log_probs: Tensor, ids: Tensor, lengths: Tensor) -> Tensor:
    steps = log_probs.gather(-1, ids.unsqueeze(-1)).squeeze(-1)
    places = torch.arange(ids.shape[1], device=ids.device)
    real = places < lengths.unsqueeze(-1)
    return steps.masked_fill(~real, 0).sum(-1)
