import torch


def step_back(dh, dc, z, c):
    n = c.shape[1]
    s = torch.sigmoid(z)
    i, f, o = s[:, :n], s[:, n : 2 * n], s[:, 3 * n :]
    g = torch.tanh(z[:, 2 * n : 3 * n])
    out = torch.tanh(torch.addcmul(i * g, f, c))
    whole = torch.addcmul(dc, dh, o * (1 - out) * (1 + out))
    slopes = s * (1 - s)
    slopes[:, 2 * n : 3 * n] = (1 - g) * (1 + g)
    reach = torch.cat([whole * g, whole * c, whole * i, dh * out], 1)
    return reach * slopes, f * whole
