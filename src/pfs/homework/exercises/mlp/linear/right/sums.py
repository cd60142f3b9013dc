import torch
from torch import nn


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(out_features, in_features))
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_features))
        self.shifted = bias

    def forward(self, x):
        outputs = [(x * row).sum(-1) for row in self.weight]
        if self.shifted:
            outputs = [y + b for y, b in zip(outputs, self.bias)]
        return torch.stack(outputs, -1)
