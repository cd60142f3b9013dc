import torch
from torch import Tensor, nn
from torch.nn import functional

from pfs.nn import Linear, linear, scaled_dot_product_attention


class MultiheadAttention(nn.Module):
    def __init__(self, embed_dim: int, num_heads: int) -> None:
        super().__init__()
        ...

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        mask: Tensor | None = None,
    ) -> Tensor:
        return ...
