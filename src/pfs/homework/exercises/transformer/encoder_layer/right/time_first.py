import torch
from torch import nn
from torch.nn import functional


class EncoderLayer(nn.Module):
    def __init__(self, d_model, num_heads, d_ff):
        super().__init__()
        self.norm2 = nn.LayerNorm(d_model, eps=1e-5)
        self.norm1 = nn.LayerNorm(d_model, eps=1e-5)
        self.linear2 = nn.Linear(d_ff, d_model)
        self.linear1 = nn.Linear(d_model, d_ff)
        self.self_attn = nn.MultiheadAttention(d_model, num_heads)

    def forward(self, x, padding=None):
        if padding is None:
            padding = torch.zeros(
                x.shape[:2], dtype=torch.bool, device=x.device
            )
        t = x.transpose(0, 1)
        t = self.self_attn(t, t, t, padding, need_weights=False)[0]
        x = self.norm1(torch.add(t.transpose(0, 1), x))
        h = functional.relu(
            functional.linear(x, self.linear1.weight, self.linear1.bias)
        )
        return self.norm2(
            functional.linear(h, self.linear2.weight, self.linear2.bias) + x
        )
