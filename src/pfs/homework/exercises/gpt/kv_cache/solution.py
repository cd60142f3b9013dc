import math

import torch
from torch import Tensor


def attend(
    query: Tensor, key: Tensor, value: Tensor, keys: Tensor, values: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    all_keys = torch.cat([keys, key], -2)
    all_values = torch.cat([values, value], -2)
    new, past = query.shape[-2], keys.shape[-2]
    size = (new, past + new)
    seen = torch.ones(size, dtype=torch.bool, device=query.device).tril(past)
    scores = query @ all_keys.mT / math.sqrt(query.shape[-1])
    scores = scores.masked_fill(~seen, -torch.inf)
    return scores.softmax(-1) @ all_values, all_keys, all_values
