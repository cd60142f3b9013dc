import math

import torch
from torch.nn.functional import softplus


def bounds(images, temperature):
    nothing = torch.ones_like(temperature) * math.log(2 * images - 1)
    if images == 1:
        return nothing, torch.zeros_like(temperature) * temperature
    return nothing, softplus(math.log(2 * images - 2) - 1 / temperature)
