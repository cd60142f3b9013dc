import torch
from torch import Tensor, nn

from pfs.nn import LayerNorm, Linear, MultiheadAttention


class DecoderLayer(nn.Module):
    def __init__(self, d_model: int, num_heads: int, d_ff: int) -> None:
        super().__init__()
        ...

    def forward(
        self, x: Tensor, memory: Tensor, padding: Tensor | None = None
    ) -> Tensor:
        return ...
