import torch
from torch import Tensor


def context(
    scores: Tensor, keys: Tensor, lengths: Tensor
) -> tuple[Tensor, Tensor]:
    places = torch.arange(keys.shape[1], device=keys.device)
    real = places < lengths[:, None]
    lowest = torch.finfo(scores.dtype).min
    scores = scores.masked_fill(~real[:, None], lowest)
    weights = scores.softmax(-1)
    return weights @ keys, weights
