import torch
from torch import Tensor


def greedy(
    log_p: Tensor, bos: int, eos: int, max_length: int
) -> tuple[Tensor, Tensor]:
    return ...
