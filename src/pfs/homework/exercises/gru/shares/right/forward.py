import torch


def shares(z):
    rows = [torch.ones_like(z[0])]
    for gate in z:
        rows = [row * gate for row in rows] + [1 - gate]
    return torch.stack(rows)
