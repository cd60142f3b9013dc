import torch


def initial_weight(shape, scheme, generator):
    weight = torch.empty(shape)
    fan_in = weight[0].numel()
    fan_out = weight[:, 0].numel()
    if scheme == "he_normal":
        return weight.normal_(0, (2 / fan_in) ** 0.5, generator=generator)
    bound = (3 / ((fan_in + fan_out) / 2)) ** 0.5
    return weight.uniform_(-bound, bound, generator=generator)
