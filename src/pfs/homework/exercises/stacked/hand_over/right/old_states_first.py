import torch


def step(x, h, c, weights):
    from_before = [
        own @ u.mT + b + a
        for own, (_, u, a, b) in zip(h.unbind(0), weights, strict=True)
    ]
    size, pairs, below = h.shape[-1], [], x
    for z, old, (w, *_) in zip(from_before, c, weights, strict=True):
        i, f, g, o = torch.split(z + below @ w.mT, size, -1)
        new = f.sigmoid() * old + i.sigmoid() * g.tanh()
        below = new.tanh() * o.sigmoid()
        pairs.append((below, new))
    return tuple(torch.stack(part) for part in zip(*pairs, strict=True))
