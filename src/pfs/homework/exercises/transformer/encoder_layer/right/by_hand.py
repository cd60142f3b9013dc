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

    def forward(self, x, padding):
        every = x @ self.in_proj_weight.T + self.in_proj_bias
        q, k, v = every.unflatten(2, (3, self.num_heads, -1)).unbind(2)
        scores = torch.einsum("bqhd,bkhd->bhqk", q, k) / math.sqrt(q.shape[-1])
        if padding is not None:
            scores = scores.masked_fill(padding[:, None, None], -math.inf)
        seen = torch.einsum("bhqk,bkhd->bqhd", scores.softmax(-1), v)
        return self.out_proj(seen.flatten(2))


class EncoderLayer(nn.Module):
    def __init__(self, d_model, num_heads, d_ff):
        super().__init__()
        self.self_attn = Heads(d_model, num_heads)
        self.linear1 = nn.Linear(d_model, d_ff)
        self.linear2 = nn.Linear(d_ff, d_model)
        self.norm1 = nn.LayerNorm(d_model)
        self.norm2 = nn.LayerNorm(d_model)

    def forward(self, x, padding=None):
        steps = (
            (self.norm1, lambda y: self.self_attn(y, padding)),
            (self.norm2, lambda y: self.linear2(self.linear1(y).clamp(min=0))),
        )
        for norm, step in steps:
            x = norm(step(x) + x)
        return x
