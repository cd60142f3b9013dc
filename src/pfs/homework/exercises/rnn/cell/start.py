import torch
from torch import Tensor, nn


class Cell(nn.Module):
    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        ...

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        return ...
