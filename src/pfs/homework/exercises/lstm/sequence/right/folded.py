from functools import reduce

import torch


def lstm(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    weight = torch.cat([weight_ih, weight_hh], 1)

    def step(states, entry):
        h, c = states[-1]
        both = torch.cat([entry, h], 1)
        a = torch.einsum("bj,kj->bk", both, weight) + bias_ih + bias_hh
        a = a.unflatten(1, (4, h.shape[1]))
        gates = torch.sigmoid(a)
        new = gates[:, 1] * c + gates[:, 0] * torch.tanh(a[:, 2])
        return [*states, (gates[:, 3] * torch.tanh(new), new)]

    _, *states = reduce(step, x.transpose(0, 1), [(h, c)])
    outputs = torch.stack([h for h, _ in states]).transpose(0, 1)
    return outputs, states[-1]
