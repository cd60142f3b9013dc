import torch


def step(x, h, c, weights):
    if not weights:
        return h, c
    w, u, b, a = weights[0]
    rows = torch.cat([x, h[0]], -1) @ torch.cat([w, u], 1).mT + (a + b)
    i, f, g, o = rows.unflatten(1, (4, -1)).unbind(1)
    cell = torch.sigmoid(f) * c[0] + torch.sigmoid(i) * torch.tanh(g)
    up = torch.sigmoid(o) * torch.tanh(cell)
    others = step(up, h[1:], c[1:], weights[1:])
    return torch.cat([up[None], others[0]]), torch.cat([cell[None], others[1]])
