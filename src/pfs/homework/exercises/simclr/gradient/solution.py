import torch
from torch import Tensor


def gradient(
    first: Tensor, second: Tensor, temperature: float
) -> tuple[Tensor, Tensor]:
    n = len(first)
    z = torch.cat([first, second])
    length = z.norm(dim=1, keepdim=True)
    u = z / length
    i = torch.arange(2 * n, device=z.device)
    s = (u @ u.T / temperature).masked_fill(i[:, None] == i, -torch.inf)
    partner = (i + n) % (2 * n)
    wanted = (partner[:, None] == i).to(z)
    a = torch.softmax(s, 1) - wanted
    d_u = (a + a.T) @ u / (2 * n * temperature)
    along = (d_u * u).sum(1, keepdim=True) * u
    d_z = (d_u - along) / length
    return d_z[:n], d_z[n:]
