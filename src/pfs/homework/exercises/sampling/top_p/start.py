import torch
from torch import Tensor


def top_p(logits: Tensor, p: float) -> Tensor:
    return ...
