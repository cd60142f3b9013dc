import math

import torch


def perplexity(log_probs, targets):
    bits, count = 0, 0
    for table, truth in zip(log_probs, targets):
        symbols = torch.arange(table.shape[-1], device=truth.device)
        other = symbols != truth[..., None]
        bits = bits - table.masked_fill(other, 0).sum() / math.log(2)
        count += truth.shape[0] * truth.shape[1]
    return 2 ** (bits / count)
