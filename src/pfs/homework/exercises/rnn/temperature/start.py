import torch
from torch import Tensor


def probabilities(logits: Tensor, temperature: float) -> Tensor:
    return ...
