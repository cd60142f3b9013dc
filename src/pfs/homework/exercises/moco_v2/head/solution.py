import torch
from torch import Tensor


def head(h: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    hidden = torch.relu(h @ W1.T + b1)
    z = hidden @ W2.T + b2
    return z / z.norm(dim=1, keepdim=True)
