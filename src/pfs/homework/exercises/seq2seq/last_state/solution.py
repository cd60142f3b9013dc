import torch
from torch import Tensor


def last_state(states: Tensor, lengths: Tensor) -> Tensor:
    rows = torch.arange(len(lengths), device=states.device)
    return states[:, rows, lengths - 1]
