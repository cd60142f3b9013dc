import torch


def penalize(logits, ids, penalty):
    vocab = torch.arange(logits.shape[1], device=ids.device)
    written = (ids[:, :, None] == vocab).any(1)
    up, down = logits.clamp(min=0) / penalty, logits.clamp(max=0) * penalty
    return torch.where(written, torch.where(logits > 0, up, down), logits)
