import torch


def top_k(logits, k):
    larger = logits[..., None, :] > logits[..., :, None]
    rank = larger.sum(-1)
    out = logits.clone()
    out[rank >= k] = -torch.inf
    return out
