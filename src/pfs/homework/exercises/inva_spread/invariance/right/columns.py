import torch


def invariance(f, copies, temperature):
    # one column for each copy
    scores = torch.einsum("kd,id->ki", f, copies) / temperature
    own = (f * copies).sum(1) / temperature
    return (scores.logsumexp(0) - own).mean()
