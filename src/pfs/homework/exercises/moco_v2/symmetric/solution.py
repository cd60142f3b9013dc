import torch
from torch import Tensor


def one_way(q: Tensor, k: Tensor, queue: Tensor, temperature: float) -> Tensor:
    positive = (q * k).sum(1, keepdim=True)
    logits = torch.cat([positive, q @ queue.T], 1) / temperature
    return -logits.log_softmax(1)[:, 0].mean()


def symmetric(
    q1: Tensor,
    k1: Tensor,
    q2: Tensor,
    k2: Tensor,
    queue: Tensor,
    temperature: float,
) -> Tensor:
    there = one_way(q1, k2, queue, temperature)
    back = one_way(q2, k1, queue, temperature)
    return (there + back) / 2
