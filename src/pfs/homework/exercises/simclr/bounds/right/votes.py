import math

import torch


def bounds(images, temperature):
    right = 1 / temperature
    logits = torch.stack([right, torch.zeros_like(right)], -1)
    weight = torch.tensor([1, 2 * images - 2]).to(right)
    total = torch.logsumexp(logits + weight.log(), -1)
    nothing = 0 * temperature + math.log(2 * images - 1)
    return nothing, total - right
