import torch
from torch import Tensor


def scores(
    states: Tensor, keys: Tensor, W: Tensor, U: Tensor, v: Tensor
) -> Tensor:
    Ws = (states @ W.T)[:, :, None]
    Uh = (keys @ U.T)[:, None]
    return torch.tanh(Ws + Uh) @ v
