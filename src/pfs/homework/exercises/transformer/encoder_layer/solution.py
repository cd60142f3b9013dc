import torch
from torch import Tensor, nn

from pfs.nn import LayerNorm, Linear, MultiheadAttention


class EncoderLayer(nn.Module):
    def __init__(self, d_model: int, num_heads: int, d_ff: int) -> None:
        super().__init__()
        heads = MultiheadAttention(d_model, num_heads, batch_first=True)
        self.self_attn = heads
        self.linear1 = Linear(d_model, d_ff)
        self.linear2 = Linear(d_ff, d_model)
        self.norm1 = LayerNorm(d_model)
        self.norm2 = LayerNorm(d_model)

    def forward(self, x: Tensor, padding: Tensor | None = None) -> Tensor:
        seen, _ = self.self_attn(x, x, x, key_padding_mask=padding)
        a = self.norm1(x + seen)
        hidden = torch.relu(self.linear1(a))
        return self.norm2(a + self.linear2(hidden))
