import torch
from torch import Tensor

from pfs.nn import softmax


def top_p(logits: Tensor, p: float) -> Tensor:
    return ...
