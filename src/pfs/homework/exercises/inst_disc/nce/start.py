import math

import torch
from torch import Tensor


def nce(data: Tensor, noise: Tensor, log_z: float, images: int) -> Tensor:
    return ...
