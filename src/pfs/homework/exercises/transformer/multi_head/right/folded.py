import torch
from torch import nn
from torch.nn import functional


class MultiheadAttention(nn.Module):
    def __init__(self, embed_dim, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.in_proj_weight = nn.Parameter(torch.ones(3 * embed_dim, embed_dim))
        self.in_proj_bias = nn.Parameter(torch.ones(3 * embed_dim))
        self.out_proj = nn.Linear(embed_dim, embed_dim)

    def fold(self, x, third):
        start = third * x.shape[-1]
        rows = torch.narrow(self.in_proj_weight, 0, start, x.shape[-1])
        bias = torch.narrow(self.in_proj_bias, 0, start, x.shape[-1])
        x = torch.matmul(x, rows.t()) + bias
        return torch.cat(x.chunk(self.num_heads, -1))

    def forward(self, query, key, value, mask=None):
        batch, queries, _ = query.shape
        q, k, v = self.fold(query, 0), self.fold(key, 1), self.fold(value, 2)
        if mask is not None:
            whole = (batch, self.num_heads, queries, key.shape[1])
            mask = mask.expand(whole).transpose(0, 1).flatten(0, 1)
        heads = functional.scaled_dot_product_attention(q, k, v, mask)
        return self.out_proj(torch.cat(heads.chunk(self.num_heads), -1))
