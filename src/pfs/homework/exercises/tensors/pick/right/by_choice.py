import torch


def pick(x, index):
    columns = torch.arange(x.size(-1), device=index.device)
    chosen = columns == index[..., None]
    return torch.where(chosen, x, torch.zeros_like(x)).sum(dim=-1)
