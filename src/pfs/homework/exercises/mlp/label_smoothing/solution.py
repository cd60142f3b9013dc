import torch
from torch import Tensor

from pfs.nn import log_softmax


def smoothed_cross_entropy(
    logits: Tensor, target: Tensor, smoothing: float
) -> Tensor:
    log_p = log_softmax(logits, 1)
    true = log_p.gather(1, target[:, None])[:, 0]
    every = log_p.mean(1)
    loss = -(1 - smoothing) * true - smoothing * every
    return loss.mean()
