from itertools import accumulate

import torch


def unroll(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    weight = torch.cat([weight_ih, weight_hh], 1).T

    def advance(state, step):
        both = torch.cat([step, state], -1)
        a = both @ weight + bias_hh + bias_ih
        return 1 - 2 / (torch.exp(2 * a.clamp(-300, 300)) + 1)

    states = list(accumulate(x.unbind(0), advance, initial=h))
    return torch.stack(states[1:], dim=0), states[-1]
