import torch


def shares(z):
    kept = z.flip(0).cumprod(0).flip(0)  # z_t times all later ones
    one = torch.ones_like(kept[:1])
    later = torch.cat([kept[1:], one])
    return torch.cat([kept[:1], (1 - z) * later])
