import torch
from torch.nn.functional import cross_entropy, normalize


def nt_xent(first, second, temperature):
    a, b = normalize(first, dim=1), normalize(second, dim=1)
    n = len(a)
    own = torch.eye(n, dtype=torch.bool, device=a.device)
    aa = (a @ a.T / temperature).masked_fill(own, float("-inf"))
    bb = (b @ b.T / temperature).masked_fill(own, float("-inf"))
    ab = a @ b.T / temperature
    label = torch.arange(n, device=a.device)
    one = cross_entropy(torch.cat([ab, aa], 1), label)
    other = cross_entropy(torch.cat([ab.T, bb], 1), label)
    return (one + other) / 2
