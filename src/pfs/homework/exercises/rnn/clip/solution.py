import torch
from torch import Tensor


def clip(
    gradients: list[Tensor], max_norm: float
) -> tuple[list[Tensor], Tensor]:
    squares = torch.stack([g.square().sum() for g in gradients])
    norm = squares.sum().sqrt()
    scale = (max_norm / norm).clamp(max=1)
    return [g * scale for g in gradients], norm
