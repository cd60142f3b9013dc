import torch


def dropout(x, p, training, generator):
    rate = p if training else 0.0
    noise = torch.empty(x.numel(), dtype=torch.float64)
    noise.uniform_(generator=generator)
    factor = torch.zeros_like(noise)
    if rate < 1:
        factor[noise < 1 - rate] = 1 / (1 - rate)
    return x * factor.reshape(x.shape).to(x.dtype)
