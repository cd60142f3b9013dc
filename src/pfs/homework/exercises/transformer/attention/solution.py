import math

import torch
from torch import Tensor

from pfs.nn import softmax


def attention(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None
) -> Tensor:
    scores = query @ key.mT / math.sqrt(query.shape[-1])
    if mask is None:
        return softmax(scores, -1) @ value
    lowest = torch.finfo(scores.dtype).min
    scores = scores.masked_fill(~mask, lowest)
    weights = softmax(scores, -1).masked_fill(~mask, 0)
    return weights @ value
