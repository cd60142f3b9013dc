import torch
from torch import Tensor


def sequence_loss(logits: Tensor, target: Tensor, pad: int) -> Tensor:
    log_p = logits.log_softmax(-1)
    said = log_p.gather(2, target[:, :, None])[:, :, 0]
    real = target != pad
    return -torch.where(real, said, 0).sum() / real.sum()
