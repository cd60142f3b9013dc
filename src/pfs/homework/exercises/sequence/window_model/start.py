import torch
from torch import Tensor, nn


class WindowModel(nn.Module):
    def __init__(
        self,
        num_symbols: int,
        context: int,
        num_features: int,
        hidden_size: int,
    ) -> None:
        super().__init__()
        ...

    def forward(self, window: Tensor) -> Tensor:
        return ...
