import torch


def gru_step(x, h, weight_ih, weight_hh, bias):
    w = weight_ih.unflatten(0, (3, -1))
    u = weight_hh.unflatten(0, (3, -1))
    b = bias.unflatten(0, (3, -1))
    a = torch.einsum("bj,gkj->bgk", x, w) + b
    s = torch.einsum("bj,gkj->bgk", h, u[:2])
    r, z = (1 / (1 + torch.exp(-a[:, :2] - s))).unbind(1)
    scaled = u[2] * r[:, None, :]
    n = torch.tanh(a[:, 2] + torch.einsum("bkj,bj->bk", scaled, h))
    return n + z * (h - n)
