import torch
from torch import Tensor


def info_nce(
    query: Tensor, key: Tensor, queue: Tensor, temperature: float
) -> Tensor:
    q = query / query.norm(dim=1, keepdim=True)
    k = key / key.norm(dim=1, keepdim=True)
    positive = (q * k).sum(1, keepdim=True)
    negative = q @ queue.T
    logits = torch.cat([positive, negative], 1) / temperature
    return -logits.log_softmax(1)[:, 0].mean()
