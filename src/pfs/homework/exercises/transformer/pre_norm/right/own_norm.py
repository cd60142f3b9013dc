import torch
from torch import nn


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x):
        variance, mean = torch.var_mean(x, -1, correction=0, keepdim=True)
        normal = (x - mean) * torch.rsqrt(variance + 1e-5)
        return torch.addcmul(self.bias, self.weight, normal)


class Residual(nn.Module):
    def __init__(self, sublayer, d_model, norm_first=True):
        super().__init__()
        self.sublayer, self.norm = sublayer, Norm(d_model)
        self.order = self.newer if norm_first else self.original

    def newer(self, x, *others):
        return torch.add(self.sublayer(self.norm(x), *others), x)

    def original(self, x, *others):
        return self.norm(torch.add(self.sublayer(x, *others), x))

    def forward(self, *arguments):
        return self.order(*arguments)
