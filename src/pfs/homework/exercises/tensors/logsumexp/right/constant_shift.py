import torch


def logsumexp(x):
    m = x.detach().max(-1).values
    m = torch.where(m.isfinite(), m, torch.zeros_like(m))
    powers = torch.exp(x - m[..., None])
    return m + torch.einsum("...i->...", powers).log()
