import torch


def peephole_step(x, h, c, weight_ih, weight_hh, peephole, bias):
    n = h.shape[1]
    both = torch.cat([x, h], 1)
    a = torch.addmm(bias, both, torch.cat([weight_ih, weight_hh], 1).T)
    look = torch.cat([peephole[:2].flatten() * c.repeat(1, 2)], 1)
    gates = torch.sigmoid(a[:, : 2 * n] + look)
    write, keep = gates[:, :n], gates[:, n:]
    c = (
        torch.lerp(torch.zeros_like(c), c, keep)
        + write * a[:, 2 * n : -n].tanh()
    )
    show = torch.addcmul(a[:, -n:], peephole[2], c).sigmoid()
    return show * c.tanh(), c
