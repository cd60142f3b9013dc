import torch


def slope_of_sigmoid(x):
    return torch.sigmoid(x) * torch.sigmoid(-x)


def step_back(dh, a, s, h):
    units = h.shape[1]
    both = a + s
    r = both[:, :units].sigmoid()
    z = both[:, units : 2 * units].sigmoid()
    inner = a[:, 2 * units :] + r * s[:, 2 * units :]
    n = inner.tanh()
    da, ds = torch.empty_like(a), torch.empty_like(s)
    error = (dh - dh * z) * (1 - n) * (1 + n)
    da[:, 2 * units :] = error
    ds[:, 2 * units :] = r * error
    gates = torch.cat([error * s[:, 2 * units :], dh * (h - n)], 1)
    gates = gates * slope_of_sigmoid(both[:, : 2 * units])
    da[:, : 2 * units] = gates
    ds[:, : 2 * units] = gates
    return da, ds, z * dh
