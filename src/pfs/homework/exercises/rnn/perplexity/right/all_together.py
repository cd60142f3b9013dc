import torch


def perplexity(log_probs, targets):
    table = torch.cat([part.flatten(0, 1) for part in log_probs])
    truth = torch.cat([part.flatten() for part in targets])
    rows = torch.arange(len(truth), device=truth.device)
    return torch.exp(-table[rows, truth].mean())
