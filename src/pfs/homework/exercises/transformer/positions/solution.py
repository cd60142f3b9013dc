import torch
from torch import Tensor


def add_positions(x: Tensor, start: int = 0) -> Tensor:
    time, width = x.shape[1:]
    kind = {"dtype": torch.float64, "device": x.device}
    position = torch.arange(start, start + time, **kind)
    even = torch.arange(0, width, 2, **kind)
    angles = position[:, None] / 10000 ** (even / width)
    encoding = torch.stack([angles.sin(), angles.cos()], 2).flatten(1)
    return x + encoding.to(x.dtype)
