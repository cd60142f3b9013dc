import torch


def causal_lm_loss(logits, ids, lengths):
    real = torch.arange(ids.shape[1], device=ids.device) + 1 < lengths[:, None]
    following = torch.cat([ids[:, 1:], ids[:, :1]], 1)
    z, wanted = logits[real], following[real]
    rows = torch.arange(len(z), device=z.device)
    return (z.logsumexp(1) - z[rows, wanted]).mean()
