import torch
from torch import Tensor


def pool(left: Tensor, right: Tensor, prior: Tensor) -> Tensor:
    return ...
