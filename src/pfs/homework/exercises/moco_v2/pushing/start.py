import torch
from torch import Tensor


def pushing(cosines: Tensor, temperature: float) -> Tensor:
    return ...
