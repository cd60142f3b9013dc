import torch


def initial_weight(shape, scheme, generator):
    outputs, inputs, *kernel = shape
    field = torch.ones(kernel).numel()
    u = torch.rand(2, *shape, generator=generator, dtype=torch.float64)
    if scheme.startswith("glorot"):
        variance = 2 / (field * (inputs + outputs))
        weight = (u[0] - 0.5) * (12 * variance) ** 0.5
    else:
        radius = (-2 * torch.log1p(-u[0])).sqrt()
        normal = radius * torch.cos(2 * torch.pi * u[1])
        weight = normal * (2 / (inputs * field)) ** 0.5
    return weight.float()
