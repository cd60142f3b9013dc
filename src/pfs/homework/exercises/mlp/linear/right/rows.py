import torch
from torch import nn


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(out_features, in_features))
        nn.init.kaiming_uniform_(self.weight, a=5**0.5)
        shift = nn.Parameter(torch.zeros(out_features)) if bias else None
        self.register_parameter("bias", shift)

    def forward(self, x):
        *batch, size = x.shape
        rows = torch.mm(x.reshape(-1, size), self.weight.t())
        if self.bias is not None:
            rows = rows + self.bias[None]
        return rows.unflatten(0, batch) if batch else rows[0]
