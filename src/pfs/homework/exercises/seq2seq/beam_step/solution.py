import torch
from torch import Tensor


def beam_step(
    scores: Tensor, log_p: Tensor, ended: Tensor, eos: int
) -> tuple[Tensor, Tensor, Tensor]:
    width, vocab = log_p.shape[1:]
    stay = torch.full_like(log_p, -torch.inf)
    stay[:, :, eos] = 0
    step = torch.where(ended[:, :, None], stay, log_p)
    total = (scores[:, :, None] + step).flatten(1)
    best = total.topk(width, dim=1)
    parent = best.indices // vocab
    token = best.indices % vocab
    return best.values, parent, token
