import torch
from torch import Tensor


def gap(ahead: Tensor, back: Tensor, lengths: Tensor) -> Tensor:
    place = torch.arange(ahead.shape[1], device=ahead.device)
    end = lengths[:, None]
    before = torch.cat([torch.zeros_like(ahead[:, :1]), ahead[:, :-1]], 1)
    after = torch.cat([back[:, 1:], torch.zeros_like(back[:, :1])], 1)
    after = after.masked_fill((place >= end - 1)[:, :, None], 0.0)
    before = before.masked_fill((place >= end)[:, :, None], 0.0)
    return torch.cat([before, after], -1)
