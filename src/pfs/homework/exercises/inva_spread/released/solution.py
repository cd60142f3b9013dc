import torch
from torch import Tensor


def released(f: Tensor, copies: Tensor, temperature: float) -> Tensor:
    z = torch.cat([f, copies])
    own = torch.eye(len(z), dtype=torch.bool, device=z.device)
    copy = own.roll(len(f), 1)
    scores = z @ z.detach().T / temperature
    log_p = scores.masked_fill(own, float("-inf")).log_softmax(1)
    near = log_p.masked_fill(~copy, 0.0).sum()
    away = torch.log1p(-log_p.masked_fill(own | copy, float("-inf")).exp())
    return -(near + away.sum()) / len(z)
