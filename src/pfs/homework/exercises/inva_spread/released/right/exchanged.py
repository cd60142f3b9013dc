import torch


def released(f, copies, temperature):
    z, turned = torch.cat([f, copies]), torch.cat([copies, f])
    frozen = z.detach()
    positive = (z * turned.detach()).sum(1) / temperature
    scores = z @ frozen.T / temperature
    n, m = len(z), len(f)
    place = torch.arange(n, device=z.device)
    negative = place[:, None] % m != place % m
    rest = scores.masked_fill(~negative, float("-inf"))
    both = torch.cat([positive[:, None], rest], 1)
    p = both.softmax(1)
    logs = torch.log1p(-p[:, 1:]).sum(1) + both.log_softmax(1)[:, 0]
    return -logs.mean()
