import torch
from torch import Tensor


def pushing(cosines: Tensor, temperature: float) -> Tensor:
    p = torch.softmax(cosines / temperature, -1)
    return 1 / p.square().sum(-1)
