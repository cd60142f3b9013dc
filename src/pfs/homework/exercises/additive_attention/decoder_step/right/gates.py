import torch


def decoder_step(y, s, keys, W, U, v, weight_ih, weight_hh, bias_ih, bias_hh):
    a = keys @ U.T + (s @ W.T).unsqueeze(1)
    weights = ((2 * torch.sigmoid(2 * a) - 1) * v).sum(2).softmax(1)
    c = (weights.unsqueeze(2) * keys).sum(1)
    drive = torch.cat([y, c], 1) @ weight_ih.T + bias_ih
    state = s @ weight_hh.T + bias_hh
    drive_r, drive_z, drive_n = drive.chunk(3, 1)
    state_r, state_z, state_n = state.chunk(3, 1)
    r = torch.sigmoid(drive_r + state_r)
    z = torch.sigmoid(drive_z + state_z)
    n = torch.tanh(drive_n + r * state_n)
    return n + z * (s - n), c
