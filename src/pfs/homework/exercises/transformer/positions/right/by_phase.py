import torch


def add_positions(x, start=0):
    columns = torch.arange(x.shape[2], dtype=torch.float64, device=x.device)
    rows = (
        torch.arange(x.shape[1], dtype=torch.float64, device=x.device) + start
    )
    odd = columns % 2
    angles = torch.outer(rows, 1e4 ** -((columns - odd) / x.shape[2]))
    return x + torch.sin(angles + odd * torch.pi / 2).to(x)
