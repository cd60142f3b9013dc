import torch
from torch import nn


class DecoderLayer(nn.Module):
    def __init__(self, d_model, num_heads, d_ff):
        super().__init__()
        self.linear1, self.linear2 = (
            nn.Linear(d_model, d_ff),
            nn.Linear(d_ff, d_model),
        )
        self.norm1, self.norm2, self.norm3 = (
            nn.LayerNorm(d_model) for _ in "123"
        )
        self.multihead_attn = nn.MultiheadAttention(d_model, num_heads)
        self.self_attn = nn.MultiheadAttention(d_model, num_heads)

    def forward(self, x, memory, padding=None):
        t, m = x.transpose(0, 1), memory.transpose(0, 1)
        time = t.shape[0]
        mask = torch.full(
            (time, time), -torch.inf, dtype=x.dtype, device=x.device
        )
        steps = (
            lambda y: self.self_attn(
                y,
                y,
                y,
                attn_mask=mask.triu(1),
                is_causal=True,
                need_weights=False,
            )[0],
            lambda y: self.multihead_attn(y, m, m, padding)[0],
            lambda y: self.linear2(nn.functional.relu(self.linear1(y))),
        )
        for step, norm in zip(
            steps, (self.norm1, self.norm2, self.norm3), strict=True
        ):
            t = norm(step(t) + t)
        return t.transpose(0, 1)
