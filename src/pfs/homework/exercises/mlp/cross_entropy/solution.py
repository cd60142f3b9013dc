import torch
from torch import Tensor


def cross_entropy(
    logits: Tensor, target: Tensor, ignore_index: int = -100
) -> Tensor:
    counts = target != ignore_index
    places = torch.where(counts, target, 0)[:, None]
    shifted = logits - logits.amax(1, keepdim=True)
    log_p = shifted - shifted.exp().sum(1, keepdim=True).log()
    loss = -log_p.gather(1, places)[:, 0]
    return torch.where(counts, loss, 0).sum() / counts.sum()
