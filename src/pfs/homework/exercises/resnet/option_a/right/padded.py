import torch


def option_a(x, channels, stride):
    thin = torch.nn.functional.max_pool2d(x, 1, stride)
    missing = channels - x.shape[1]
    return torch.nn.functional.pad(thin, (0, 0, 0, 0, 0, missing))
