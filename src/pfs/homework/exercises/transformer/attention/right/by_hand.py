import torch


def attention(query, key, value, mask=None):
    root = query.shape[-1] ** 0.25
    scores = (query / root) @ (key / root).transpose(-1, -2)
    if mask is None:
        mask = torch.ones_like(scores, dtype=torch.bool)
    shown = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    powers = (shown - shown.amax(-1, keepdim=True)).exp() * mask
    total = powers.sum(-1, keepdim=True)
    return (powers @ value) / torch.where(total == 0, 1, total)
