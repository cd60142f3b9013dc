import torch


def peephole_step(x, h, c, weight_ih, weight_hh, peephole, bias):
    w = weight_ih.unflatten(0, (4, -1))
    u = weight_hh.unflatten(0, (4, -1))
    a = torch.einsum("bj,gkj->gbk", x, w) + torch.einsum("bj,gkj->gbk", h, u)
    a = a + bias.unflatten(0, (4, 1, -1))
    p_i, p_f, p_o = (row.diag() for row in peephole.unbind(0))
    i = 1 / (1 + torch.exp(-(a[0] + c @ p_i)))
    f = 1 / (1 + torch.exp(-(a[1] + c @ p_f)))
    c = i * torch.tanh(a[2]) + f * c
    o = 1 / (1 + torch.exp(-(a[3] + c @ p_o)))
    return o * torch.tanh(c), c
