import torch
from torch import Tensor


def complement(scores: Tensor) -> Tensor:
    largest = torch.zeros_like(scores, dtype=torch.bool)
    largest.scatter_(1, scores.argmax(1, keepdim=True), True)
    others = scores.masked_fill(largest, float("-inf"))
    total = scores.logsumexp(1, keepdim=True)
    rest = others.logsumexp(1, keepdim=True) - total
    return torch.where(largest, rest, torch.log1p(-(others - total).exp()))
