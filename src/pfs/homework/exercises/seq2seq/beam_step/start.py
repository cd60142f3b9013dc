import torch
from torch import Tensor


def beam_step(
    scores: Tensor, log_p: Tensor, ended: Tensor, eos: int
) -> tuple[Tensor, Tensor, Tensor]:
    return ...
