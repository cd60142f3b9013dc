from typing import Any

from torch import Tensor, nn

from pfs.nn import LayerNorm


class Residual(nn.Module):
    def __init__(
        self, sublayer: nn.Module, d_model: int, norm_first: bool = True
    ) -> None:
        super().__init__()
        self.sublayer = sublayer
        self.norm = LayerNorm(d_model)
        self.norm_first = norm_first

    def forward(self, x: Tensor, *others: Any) -> Tensor:
        if self.norm_first:
            return x + self.sublayer(self.norm(x), *others)
        return self.norm(x + self.sublayer(x, *others))
