import torch
from torch import nn


class MultiheadAttention(nn.Module):
    def __init__(self, embed_dim, num_heads):
        super().__init__()
        self.size = embed_dim // num_heads
        self.in_proj_weight = nn.Parameter(
            torch.zeros(3 * embed_dim, embed_dim)
        )
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * embed_dim))
        self.out_proj = nn.Linear(embed_dim, embed_dim)

    def forward(self, query, key, value, mask=None):
        width = query.shape[-1]
        places = torch.arange(0, width, self.size)
        result = self.out_proj.bias
        for head, start in enumerate(places.tolist()):
            q, k, v = (
                x @ self.in_proj_weight[rows].T + self.in_proj_bias[rows]
                for number, x in enumerate((query, key, value))
                for rows in [
                    slice(
                        number * width + start,
                        number * width + start + self.size,
                    )
                ]
            )
            scores = q @ k.mT / self.size**0.5
            weights = scores.softmax(-1)
            if mask is not None:
                whole = (len(query), len(places), *scores.shape[1:])
                own = mask.expand(whole)[:, head]
                weights = scores.masked_fill(~own, -torch.inf).softmax(-1)
                weights = weights.masked_fill(~own, 0)
            columns = self.out_proj.weight[:, start : start + self.size]
            result = result + weights @ v @ columns.T
        return result
