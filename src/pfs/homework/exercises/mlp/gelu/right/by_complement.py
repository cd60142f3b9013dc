import math

import torch


def share(x, approximate):
    if approximate == "tanh":
        root = (2 / math.pi) ** 0.5
        return 1 + torch.tanh(root * x + root * 0.044715 * x.pow(3))
    return torch.erfc(x * -(0.5**0.5))


def gelu(x, approximate="none"):
    return x * share(x, approximate) / 2
