import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        rows = 4 * hidden_size
        self.weight_ih = nn.Parameter(torch.randn(rows, input_size))
        self.weight_hh = nn.Parameter(torch.randn(rows, hidden_size))
        self.bias_ih = nn.Parameter(torch.zeros(rows))
        self.bias_hh = nn.Parameter(torch.zeros(rows))

    def forward(self, x, state):
        h, c = state
        both = torch.cat([x, h], 1)
        weight = torch.cat([self.weight_ih, self.weight_hh], 1)
        a = both @ weight.T + (self.bias_ih + self.bias_hh)
        n = self.hidden_size
        keep = torch.sigmoid(a[:, n : 2 * n])
        write = torch.sigmoid(a[:, :n])
        show = torch.sigmoid(a[:, 3 * n :])
        new = torch.addcmul(keep * c, write, torch.tanh(a[:, 2 * n : 3 * n]))
        return show * torch.tanh(new), new
