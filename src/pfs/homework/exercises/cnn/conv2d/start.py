import torch
from torch import Tensor
from torch.nn.functional import pad


def conv2d(
    x: Tensor, weight: Tensor, bias: Tensor, stride: int, padding: int
) -> Tensor:
    return ...
