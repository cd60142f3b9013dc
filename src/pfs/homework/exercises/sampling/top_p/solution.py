import torch
from torch import Tensor

from pfs.nn import softmax


def top_p(logits: Tensor, p: float) -> Tensor:
    if p == 1:
        return logits
    ordered, places = logits.sort(dim=-1, descending=True, stable=True)
    share = softmax(ordered, -1)
    before = share.cumsum(-1) - share
    kept = ordered.masked_fill(before >= p, -torch.inf)
    return torch.zeros_like(logits).scatter(-1, places, kept)
