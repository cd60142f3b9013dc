import torch
from torch import Tensor


def bigram(ids: Tensor, num_symbols: int) -> Tensor:
    symbols = torch.arange(num_symbols, device=ids.device)
    seen = (ids.unsqueeze(-1) == symbols).double()
    single = seen.sum(0)
    variety = (single > 0).double().sum()
    below = (single + variety / num_symbols) / (len(ids) + variety)
    pairs = seen[:-1].T @ seen[1:]
    follow = pairs.sum(1, keepdim=True)
    kinds = (pairs > 0).double().sum(1, keepdim=True)
    table = (pairs + kinds * below) / (follow + kinds)
    return torch.where(follow > 0, table, below)
