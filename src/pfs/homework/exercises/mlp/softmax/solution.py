import torch
from torch import Tensor


def softmax(x: Tensor, dim: int) -> Tensor:
    largest = x.amax(dim, keepdim=True)
    powers = torch.exp(x - largest)
    return powers / powers.sum(dim, keepdim=True)
