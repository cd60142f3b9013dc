import torch


def released(f, copies, temperature):
    z, m = torch.cat([f, copies]), len(f)
    total = 0.0
    for a in range(2 * m):
        copy = a + m if a < m else a - m
        others = [b for b in range(2 * m) if b not in (a, copy)]
        classes = z.detach()[[copy, *others]]
        p = torch.softmax(classes @ z[a] / temperature, 0)
        total = total - p[0].log() - torch.log1p(-p[1:]).sum()
    return total / (2 * m)
