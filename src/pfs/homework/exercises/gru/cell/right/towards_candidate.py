import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        rows = 3 * hidden_size
        self.weight_ih = nn.Parameter(torch.randn(rows, input_size))
        self.weight_hh = nn.Parameter(torch.randn(rows, hidden_size))
        self.bias_ih = nn.Parameter(torch.zeros(rows))
        self.bias_hh = nn.Parameter(torch.zeros(rows))

    def forward(self, x, h):
        a = nn.functional.linear(x, self.weight_ih, self.bias_ih)
        b = nn.functional.linear(h, self.weight_hh, self.bias_hh)
        two = 2 * self.hidden_size
        gates = torch.sigmoid(a[:, :two] + b[:, :two])
        reset, update = gates.split(self.hidden_size, 1)
        candidate = torch.tanh(torch.addcmul(a[:, two:], reset, b[:, two:]))
        return torch.lerp(candidate, h, update)
