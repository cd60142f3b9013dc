import torch
from torch import Tensor, nn

from pfs.nn import LayerNorm, Linear, MultiheadAttention


class DecoderLayer(nn.Module):
    def __init__(self, d_model: int, num_heads: int, d_ff: int) -> None:
        super().__init__()
        heads = {"num_heads": num_heads, "batch_first": True}
        self.self_attn = MultiheadAttention(d_model, **heads)
        self.multihead_attn = MultiheadAttention(d_model, **heads)
        self.linear1 = Linear(d_model, d_ff)
        self.linear2 = Linear(d_ff, d_model)
        self.norm1 = LayerNorm(d_model)
        self.norm2 = LayerNorm(d_model)
        self.norm3 = LayerNorm(d_model)

    def forward(
        self, x: Tensor, memory: Tensor, padding: Tensor | None = None
    ) -> Tensor:
        place = torch.arange(x.shape[1], device=x.device)
        later = place > place[:, None]
        seen, _ = self.self_attn(x, x, x, attn_mask=later)
        a = self.norm1(x + seen)
        read, _ = self.multihead_attn(
            a, memory, memory, key_padding_mask=padding
        )
        b = self.norm2(a + read)
        hidden = torch.relu(self.linear1(b))
        return self.norm3(b + self.linear2(hidden))
