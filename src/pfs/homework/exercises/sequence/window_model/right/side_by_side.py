import torch
from torch import nn


class WindowModel(nn.Module):
    def __init__(self, num_symbols, context, num_features, hidden_size):
        super().__init__()
        wide = context * num_features
        self.C = nn.Parameter(torch.randn(num_symbols, num_features))
        self.H = nn.Parameter(torch.randn(hidden_size, wide) / 10)
        self.d = nn.Parameter(torch.zeros(hidden_size))
        self.U = nn.Parameter(torch.randn(num_symbols, hidden_size) / 10)
        self.W = nn.Parameter(torch.zeros(num_symbols, wide))
        self.b = nn.Parameter(torch.zeros(num_symbols))

    def forward(self, window):
        x = torch.cat([self.C[w] for w in window.unbind(1)], dim=1)
        z = torch.nn.functional.linear(x, self.H, self.d)
        y = torch.nn.functional.linear(x, self.W, self.b)
        return torch.addmm(y, z.tanh(), self.U.T)
