import torch
from torch.nn.functional import linear


def decoder_step(y, s, keys, W, U, v, weight_ih, weight_hh, bias_ih, bias_hh):
    asks = linear(s, W)[:, None].expand(-1, keys.shape[1], -1)
    e = torch.tanh(asks + linear(keys, U)).matmul(v)
    shares = (e - e.amax(1, keepdim=True)).exp()
    c = torch.einsum("bj,bjk->bk", shares / shares.sum(1, keepdim=True), keys)
    of_y, of_c = weight_ih.split([y.shape[1], c.shape[1]], 1)
    drive = (linear(y, of_y) + linear(c, of_c) + bias_ih).split(s.shape[1], 1)
    state = linear(s, weight_hh, bias_hh).split(s.shape[1], 1)
    r, z = (torch.sigmoid(drive[k] + state[k]) for k in (0, 1))
    return (1 - z) * torch.tanh(drive[2] + r * state[2]) + z * s, c
