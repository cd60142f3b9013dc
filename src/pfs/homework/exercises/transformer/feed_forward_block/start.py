import torch
from torch import Tensor, nn

from pfs.nn import Linear


class FeedForward(nn.Module):
    def __init__(self, d_model: int, d_ff: int) -> None:
        super().__init__()
        ...

    def forward(self, x: Tensor) -> Tensor:
        return ...
