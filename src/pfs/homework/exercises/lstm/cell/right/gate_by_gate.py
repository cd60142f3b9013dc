import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        for name, size in (("ih", input_size), ("hh", hidden_size)):
            weight = nn.Parameter(torch.zeros(4 * hidden_size, size))
            setattr(self, f"weight_{name}", weight)
            bias = nn.Parameter(torch.ones(4 * hidden_size))
            setattr(self, f"bias_{name}", bias)

    def forward(self, x, state):
        h, c = state
        blocks = zip(
            self.weight_ih.unflatten(0, (4, -1)),
            self.weight_hh.unflatten(0, (4, -1)),
            self.bias_ih.unflatten(0, (4, -1)),
            self.bias_hh.unflatten(0, (4, -1)),
            strict=True,
        )
        i, f, g, o = (
            torch.einsum("bj,kj->bk", x, w)
            + torch.einsum("bj,kj->bk", h, u)
            + (a + b)
            for w, u, a, b in blocks
        )
        c = c / (1 + torch.exp(-f)) + torch.tanh(g) / (1 + torch.exp(-i))
        return torch.tanh(c) / (1 + torch.exp(-o)), c
