import math

import torch
from torch import Tensor


def bounds(images: int, temperature: Tensor) -> tuple[Tensor, Tensor]:
    return ...
