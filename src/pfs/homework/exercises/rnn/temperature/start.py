import torch
from torch import Tensor

from pfs.nn import softmax


def probabilities(logits: Tensor, temperature: float) -> Tensor:
    return ...
