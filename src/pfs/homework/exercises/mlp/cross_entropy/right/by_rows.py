import torch


def cross_entropy(logits, target, ignore_index=-100):
    losses = [
        (z - z[t]).logsumexp(0)
        for z, t in zip(logits, target.tolist(), strict=True)
        if t != ignore_index
    ]
    if not losses:
        return logits.sum() * torch.nan
    return torch.stack(losses).mean()
