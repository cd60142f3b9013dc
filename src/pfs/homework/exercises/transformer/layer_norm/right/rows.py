import torch
from torch import nn


class LayerNorm(nn.Module):
    def __init__(self, features, eps=1e-5):
        super().__init__()
        self.register_parameter("weight", nn.Parameter(torch.ones(features)))
        self.register_parameter("bias", nn.Parameter(torch.zeros(features)))
        self.small = eps

    def forward(self, x):
        columns = x.reshape(-1, x.shape[-1]).T
        size = len(columns)
        columns = columns - sum(columns) / size
        square = torch.einsum("ij,ij->j", columns, columns) / size
        columns = columns * (square + self.small) ** -0.5
        return (columns.T * self.weight + self.bias).reshape(x.shape)
