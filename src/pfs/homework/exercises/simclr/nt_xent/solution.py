import torch
from torch import Tensor


def nt_xent(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    n = len(first)
    z = torch.cat([first, second])
    u = z / z.norm(dim=1, keepdim=True)
    s = u @ u.T / temperature
    i = torch.arange(2 * n, device=z.device)
    s = s.masked_fill(i[:, None] == i, -torch.inf)
    partner = (i + n) % (2 * n)
    loss = torch.logsumexp(s, 1) - s[i, partner]
    return loss.mean()
