import torch
from torch import Tensor, nn


class FeedForward(nn.Module):
    def __init__(self, d_model: int, d_ff: int) -> None:
        super().__init__()
        ...

    def forward(self, x: Tensor) -> Tensor:
        return ...
