import torch


def scores(states, keys, W, U, v):
    target, source = states.shape[1], keys.shape[1]
    asks = states.unsqueeze(2).expand(-1, -1, source, -1)
    answers = keys.unsqueeze(1).expand(-1, target, -1, -1)
    both = torch.cat([asks, answers], 3)
    hidden = torch.tanh(both @ torch.cat([W, U], 1).T)
    return (hidden * v).sum(3)
