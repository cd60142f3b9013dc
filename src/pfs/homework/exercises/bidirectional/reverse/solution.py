import torch
from torch import Tensor


def reverse(x: Tensor, lengths: Tensor) -> Tensor:
    place = torch.arange(x.shape[1], device=x.device)
    end = lengths[:, None]
    source = torch.where(place < end, end - 1 - place, place)
    return x.gather(1, source[:, :, None].expand_as(x))
