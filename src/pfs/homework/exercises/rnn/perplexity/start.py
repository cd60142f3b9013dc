import torch
from torch import Tensor


def perplexity(log_probs: list[Tensor], targets: list[Tensor]) -> Tensor:
    return ...
