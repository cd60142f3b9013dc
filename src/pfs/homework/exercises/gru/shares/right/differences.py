import torch


def shares(z):
    steps = [z[t:].prod(0) for t in range(len(z))]
    steps.append(torch.ones_like(steps[0]))
    kept = torch.stack(steps)
    return torch.diff(kept, dim=0, prepend=torch.zeros_like(kept[:1]))
