import math

import torch


def gelu(x, approximate="none"):
    if approximate == "none":
        return x * torch.special.ndtr(x)
    twice = math.sqrt(8 / math.pi) * (1 + 0.044715 * x * x) * x
    return x * torch.sigmoid(twice)
