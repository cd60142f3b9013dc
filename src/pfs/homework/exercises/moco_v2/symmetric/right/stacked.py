import torch
from torch.nn.functional import cross_entropy


def symmetric(q1, k1, q2, k2, queue, temperature):
    q, k = torch.cat([q1, q2]), torch.cat([k2, k1])
    logits = torch.cat([(q * k).sum(1, keepdim=True), q @ queue.T], 1)
    first = torch.zeros_like(q[:, 0], dtype=torch.long)
    return cross_entropy(logits / temperature, first)
