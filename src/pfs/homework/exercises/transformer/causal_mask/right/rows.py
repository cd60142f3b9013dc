import torch


def causal_mask(scores):
    queries, keys = scores.shape[-2:]
    rows = [
        [keys - j >= queries - i for j in range(keys)] for i in range(queries)
    ]
    mask = torch.tensor(rows, dtype=torch.bool, device=scores.device)
    return mask.reshape(queries, keys)
