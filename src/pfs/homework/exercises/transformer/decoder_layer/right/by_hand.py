import math

import torch
from torch import nn


class Heads(nn.Module):
    def __init__(self, d_model, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.in_proj_weight = nn.Parameter(torch.randn(3 * d_model, d_model))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * d_model))
        self.out_proj = nn.Linear(d_model, d_model)

    def forward(self, queries, keys, hidden):
        parts = zip(
            (queries, keys, keys),
            self.in_proj_weight.chunk(3),
            self.in_proj_bias.chunk(3),
            strict=True,
        )
        q, k, v = (
            (y @ weight.T + bias).unflatten(2, (self.num_heads, -1))
            for y, weight, bias in parts
        )
        scores = torch.einsum("bqhd,bkhd->bhqk", q, k) / math.sqrt(q.shape[3])
        shares = scores.masked_fill(hidden, -math.inf).softmax(3)
        return self.out_proj(
            torch.einsum("bhqk,bkhd->bqhd", shares, v).flatten(2)
        )


class DecoderLayer(nn.Module):
    def __init__(self, d_model, num_heads, d_ff):
        super().__init__()
        self.self_attn = Heads(d_model, num_heads)
        self.multihead_attn = Heads(d_model, num_heads)
        self.linear1 = nn.Linear(d_model, d_ff)
        self.linear2 = nn.Linear(d_ff, d_model)
        for number in (1, 2, 3):
            setattr(self, f"norm{number}", nn.LayerNorm(d_model))

    def forward(self, x, memory, padding=None):
        if padding is None:
            padding = torch.zeros_like(memory[..., 0], dtype=torch.bool)
        square = torch.ones_like(x[0] @ x[0].T, dtype=torch.bool)
        x = self.norm1(x + self.self_attn(x, x, square.triu(1)))
        x = self.norm2(
            x + self.multihead_attn(x, memory, padding[:, None, None])
        )
        return self.norm3(x + self.linear2(self.linear1(x).clamp(min=0)))
