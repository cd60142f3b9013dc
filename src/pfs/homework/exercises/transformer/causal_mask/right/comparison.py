import torch


def causal_mask(scores):
    queries, keys = scores.shape[-2:]
    time = torch.arange(keys, device=scores.device)
    return time <= time.new_ones(queries, 1).cumsum(0) + keys - queries - 1
