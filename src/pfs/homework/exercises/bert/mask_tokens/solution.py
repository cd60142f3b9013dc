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
    chosen = (choice < 0.15) & ~torch.isin(ids, special)
    hidden = chosen & (fate < 0.8)
    random = chosen & (fate >= 0.9)
    others = (vocabulary * piece).long()
    inputs = torch.where(random, others, ids.masked_fill(hidden, mask))
    return inputs, torch.where(chosen, ids, -100)
