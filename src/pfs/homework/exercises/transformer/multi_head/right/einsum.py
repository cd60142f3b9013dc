import torch
from torch import einsum, nn
from torch.nn import functional


class Projection(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.eye(size))
        self.bias = nn.Parameter(torch.zeros(size))


class MultiheadAttention(nn.Module):
    def __init__(self, embed_dim, num_heads):
        super().__init__()
        self.shape = (3, num_heads, embed_dim // num_heads)
        self.in_proj_weight = nn.Parameter(
            torch.randn(3 * embed_dim, embed_dim)
        )
        self.in_proj_bias = nn.Parameter(torch.randn(3 * embed_dim))
        self.out_proj = Projection(embed_dim)

    def forward(self, query, key, value, mask=None):
        weight = self.in_proj_weight.view(*self.shape, -1)
        bias = self.in_proj_bias.view(*self.shape, 1).mT
        q, k, v = (
            einsum("bte,hde->bhtd", x, weight[i]) + bias[i]
            for i, x in enumerate((query, key, value))
        )
        heads = functional.scaled_dot_product_attention(q, k, v, mask)
        out = self.out_proj.weight.view(-1, *self.shape[1:])
        return einsum("bhtd,ehd->bte", heads, out) + self.out_proj.bias
