import torch
from torch import Tensor


def top_k(logits: Tensor, k: int) -> Tensor:
    kept = min(k, logits.shape[-1])
    smallest = logits.topk(kept, -1).values[..., -1:]
    return logits.masked_fill(logits < smallest, -torch.inf)
