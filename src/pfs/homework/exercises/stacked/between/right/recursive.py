import torch


def between(x, h, weights, masks, p):
    w, u, b = weights[0]
    drive = x @ w.mT + b
    states = [h[0]]
    for z in drive.unbind(0):
        states.append(torch.tanh(z + states[-1] @ u.mT))
    up, end = torch.stack(states[1:]), states[-1][None]
    if len(weights) == 1:
        return up, end
    up = (up / (1 - p)).masked_fill(~masks[0], 0)
    top, others = between(up, h[1:], weights[1:], masks[1:], p)
    return top, torch.cat([end, others])
