import torch
from torch import Tensor


def smoothed_cross_entropy(
    logits: Tensor, target: Tensor, smoothing: float
) -> Tensor:
    log_p = torch.log_softmax(logits, 1)
    true = log_p.gather(1, target[:, None])[:, 0]
    every = log_p.mean(1)
    loss = -(1 - smoothing) * true - smoothing * every
    return loss.mean()
