import torch


def causal_mask(scores):
    queries, keys = scores.shape[-2:]
    future = torch.ones(queries, keys, device=scores.device)
    return future.triu(1 + keys - queries) == 0
