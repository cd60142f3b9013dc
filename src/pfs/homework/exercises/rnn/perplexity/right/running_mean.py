import torch


def perplexity(log_probs, targets):
    mean, seen = 0.0, 0
    for table, truth in zip(log_probs, targets):
        if truth.numel() == 0:
            continue
        loss = -torch.take_along_dim(table, truth[..., None], dim=2).mean()
        seen += truth.numel()
        share = truth.numel() / seen
        mean = (1 - share) * mean + share * loss
    return mean.exp()
