import math

import torch
from torch import Tensor

from pfs.nn import softmax


def attention(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None
) -> Tensor:
    return ...
