import torch


def penalize(logits, ids, penalty):
    hits = torch.zeros(logits.shape, device=logits.device)
    hits = hits.scatter_add(1, ids, torch.ones_like(ids, dtype=hits.dtype))
    factor = torch.full_like(logits, penalty)
    factor = torch.where(logits > 0, 1 / factor, factor)
    return logits * torch.where(hits > 0, factor, torch.ones_like(factor))
