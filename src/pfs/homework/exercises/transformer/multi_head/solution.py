import torch
from torch import Tensor, nn

from pfs.nn import Linear, linear, scaled_dot_product_attention


class MultiheadAttention(nn.Module):
    def __init__(self, embed_dim: int, num_heads: int) -> None:
        super().__init__()
        self.num_heads = num_heads
        weight = torch.randn(3 * embed_dim, embed_dim) * embed_dim**-0.5
        self.in_proj_weight = nn.Parameter(weight)
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * embed_dim))
        self.out_proj = Linear(embed_dim, embed_dim)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        mask: Tensor | None = None,
    ) -> Tensor:
        weights = self.in_proj_weight.chunk(3)
        biases = self.in_proj_bias.chunk(3)
        inputs = (query, key, value)
        parts = map(linear, inputs, weights, biases)
        q, k, v = (self.split(part) for part in parts)
        heads = scaled_dot_product_attention(q, k, v, mask)
        return self.out_proj(heads.transpose(1, 2).flatten(2))

    def split(self, part: Tensor) -> Tensor:
        return part.unflatten(2, (self.num_heads, -1)).transpose(1, 2)
