import torch
from torch import Tensor
from torch.nn.functional import batch_norm, conv2d


def bottleneck(
    x: Tensor, W1: Tensor, W2: Tensor, W3: Tensor, Ws: Tensor, stride: int
) -> Tensor:
    return ...
