import torch


def layers(x, h, weights):
    if not weights:
        return x, h[:0]
    w, u, b, c = weights[0]
    from_below = torch.einsum("tbi,hi->tbh", x, w) + (b + c)
    states = [h[0]]
    for a in from_below.unbind(0):
        states.append((a + torch.einsum("bi,hi->bh", states[-1], u)).tanh())
    top, last = layers(torch.stack(states[1:]), h[1:], weights[1:])
    return top, torch.cat([states[-1][None], last])
