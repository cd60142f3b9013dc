import torch
from torch import Tensor


def causal_lm_loss(logits: Tensor, ids: Tensor, lengths: Tensor) -> Tensor:
    places = torch.arange(1, ids.shape[1], device=ids.device)
    real = places < lengths[:, None]
    log_p = logits[:, :-1].log_softmax(-1)
    said = log_p.gather(2, ids[:, 1:, None])[:, :, 0]
    return -torch.where(real, said, 0).sum() / real.sum()
