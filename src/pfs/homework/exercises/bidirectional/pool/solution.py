import torch
from torch import Tensor


def pool(left: Tensor, right: Tensor, prior: Tensor) -> Tensor:
    scores = left + right - prior
    return scores - scores.logsumexp(-1, keepdim=True)
