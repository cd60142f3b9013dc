import torch
from torch import Tensor, nn


class Linear(nn.Module):
    def __init__(
        self, in_features: int, out_features: int, bias: bool = True
    ) -> None:
        super().__init__()
        ...

    def forward(self, x: Tensor) -> Tensor:
        return ...
