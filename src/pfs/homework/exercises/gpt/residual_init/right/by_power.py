import torch


def first_weight(shape, added, layers, generator):
    terms = 2 * layers if added else 1
    drawn = torch.randn(shape, generator=generator) * 0.02 * terms**-0.5
    return drawn if len(shape) > 1 else torch.zeros_like(drawn)
