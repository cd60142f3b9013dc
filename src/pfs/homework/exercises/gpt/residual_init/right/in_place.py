import torch


def first_weight(shape, added, layers, generator):
    weight = torch.zeros(shape)
    if weight.dim() > 1:
        variance = 4e-4 / (2 * layers if added else 1)
        weight.normal_(0, variance**0.5, generator=generator)
    return weight
