import math

import torch


def add_positions(x, start=0):
    batch, time, width = x.shape
    table = torch.zeros(time, width, dtype=torch.float64, device=x.device)
    pos = start + torch.arange(time, device=x.device).double().unsqueeze(1)
    pairs = torch.arange(width // 2, device=x.device).double()
    slow = torch.exp(-2 * pairs / width * math.log(10000.0))
    table[:, 0::2] = torch.sin(pos * slow)
    table[:, 1::2] = torch.cos(pos * slow)
    return table.type_as(x).expand(batch, -1, -1) + x
