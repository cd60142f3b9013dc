import torch


def between(x, h, weights, masks, p):
    states, tops = list(h), []
    for t, below in enumerate(x):
        for n, (w, u, b) in enumerate(weights):
            states[n] = torch.tanh(below @ w.mT + b + states[n] @ u.mT)
            below = states[n]
            if n < len(weights) - 1:
                below = torch.where(masks[n, t], below / (1 - p), 0)
        tops.append(below)
    return torch.stack(tops), torch.stack(states)
