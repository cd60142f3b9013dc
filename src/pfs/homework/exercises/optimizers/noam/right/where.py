import math

import torch


def noam(step, d_model, warmup):
    peak = 1 / math.sqrt(d_model * warmup)
    part = step / warmup
    return peak * torch.where(part < 1, part, part.rsqrt())
