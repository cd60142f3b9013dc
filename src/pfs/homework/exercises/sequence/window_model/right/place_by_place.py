import torch
from torch import nn


class WindowModel(nn.Module):
    def __init__(self, num_symbols, context, num_features, hidden_size):
        super().__init__()
        wide = context * num_features
        self.m = num_features
        self.C = nn.Parameter(torch.randn(num_symbols, num_features))
        self.H = nn.Parameter(torch.randn(hidden_size, wide))
        self.d = nn.Parameter(torch.randn(hidden_size))
        self.U = nn.Parameter(torch.randn(num_symbols, hidden_size))
        self.W = nn.Parameter(torch.randn(num_symbols, wide))
        self.b = nn.Parameter(torch.randn(num_symbols))

    def forward(self, window):
        z, y = self.d, self.b
        for place in range(window.shape[1]):
            part = slice(place * self.m, (place + 1) * self.m)
            rows = self.C[window[:, place]]
            z = z + rows @ self.H[:, part].T
            y = y + rows @ self.W[:, part].T
        return y + torch.einsum("bh,vh->bv", z.tanh(), self.U)
