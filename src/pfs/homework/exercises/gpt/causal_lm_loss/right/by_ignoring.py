import torch
from torch.nn import functional


def causal_lm_loss(logits, ids, lengths):
    behind = torch.arange(ids.shape[1], device=ids.device) >= lengths[:, None]
    wanted = ids.masked_fill(behind, -100).roll(-1, 1)[:, :-1]
    said = logits[:, :-1].transpose(1, 2)
    return functional.cross_entropy(said, wanted, ignore_index=-100)
