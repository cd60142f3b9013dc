from typing import Any

from torch import Tensor, nn

from pfs.nn import LayerNorm


class Residual(nn.Module):
    def __init__(
        self, sublayer: nn.Module, d_model: int, norm_first: bool = True
    ) -> None:
        super().__init__()
        ...

    def forward(self, x: Tensor, *others: Any) -> Tensor:
        return ...
