import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        for name, size in (("ih", input_size), ("hh", hidden_size)):
            weight = nn.Parameter(torch.zeros(3 * hidden_size, size))
            setattr(self, f"weight_{name}", weight)
            bias = nn.Parameter(torch.ones(3 * hidden_size))
            setattr(self, f"bias_{name}", bias)

    def forward(self, x, h):
        w = self.weight_ih.unflatten(0, (3, -1))
        u = self.weight_hh.unflatten(0, (3, -1))
        b = self.bias_ih.unflatten(0, (3, -1))[:, None]
        d = self.bias_hh.unflatten(0, (3, -1))[:, None]
        a = torch.einsum("bj,gkj->gbk", x, w) + b
        s = torch.einsum("bj,gkj->gbk", h, u) + d
        r = 1 / (1 + torch.exp(-a[0] - s[0]))
        z = 1 / (1 + torch.exp(-a[1] - s[1]))
        n = torch.tanh(a[2] + r * s[2])
        return n + z * (h - n)
