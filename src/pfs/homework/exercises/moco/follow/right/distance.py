from itertools import pairwise

import torch


def follow(theta, momentum):
    # what is left between the two after each step
    behind = torch.zeros_like(theta[0])
    rows = [theta[0] - behind]
    for old, new in pairwise(theta):
        behind = momentum * (behind + new - old)
        rows.append(new - behind)
    return torch.stack(rows)
