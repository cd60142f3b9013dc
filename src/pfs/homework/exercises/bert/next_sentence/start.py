import torch
from torch import Tensor


def next_sentence(
    first: Tensor,
    following: Tensor,
    other: Tensor,
    random: bool,
    marks: tuple[int, int, int],
    length: int,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    return ...
