import torch
from torch import Tensor


def option_a(x: Tensor, channels: int, stride: int) -> Tensor:
    kept = x[:, :, ::stride, ::stride]
    batch, known, rows, columns = kept.shape
    zeros = x.new_zeros(batch, channels - known, rows, columns)
    return torch.cat([kept, zeros], 1)
