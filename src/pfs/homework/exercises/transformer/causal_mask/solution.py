import torch
from torch import Tensor


def causal_mask(scores: Tensor) -> Tensor:
    queries, keys = scores.shape[-2:]
    everything = scores.new_ones(queries, keys, dtype=torch.bool)
    return everything.tril(keys - queries)
