import torch
from torch import Tensor


def mask_tokens(
    ids: Tensor,
    special: Tensor,
    vocabulary: int,
    mask: int,
    choice: Tensor,
    fate: Tensor,
    piece: Tensor,
) -> tuple[Tensor, Tensor]:
    return ...
