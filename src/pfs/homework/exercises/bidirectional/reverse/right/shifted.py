import torch


def reverse(x, lengths):
    time = x.shape[1]
    place = torch.arange(time, device=x.device)
    gap = time - lengths[:, None]
    source = (place + gap) % max(time, 1)
    turned = torch.take_along_dim(x.flip(1), source[:, :, None], 1)
    return torch.where((place + gap < time)[:, :, None], turned, x)
