import torch
from torch import Tensor


def padding_mask(ids: Tensor, padding: int) -> Tensor:
    return ...
