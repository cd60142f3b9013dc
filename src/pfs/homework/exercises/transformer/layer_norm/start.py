import torch
from torch import Tensor, nn


class LayerNorm(nn.Module):
    def __init__(self, features: int, eps: float = 1e-5) -> None:
        super().__init__()
        ...

    def forward(self, x: Tensor) -> Tensor:
        return ...
