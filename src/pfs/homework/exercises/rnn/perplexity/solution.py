import torch
from torch import Tensor


def perplexity(log_probs: list[Tensor], targets: list[Tensor]) -> Tensor:
    nats = sum(
        -table.gather(-1, truth.unsqueeze(-1)).sum()
        for table, truth in zip(log_probs, targets, strict=True)
    )
    count = sum(truth.numel() for truth in targets)
    return torch.exp(nats / count)
