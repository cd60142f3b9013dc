import torch


def option_a(x, channels, stride):
    copy = torch.eye(channels, x.shape[1], dtype=x.dtype, device=x.device)
    places = x[..., ::stride, ::stride]
    return torch.einsum("oc,bchw->bohw", copy, places)
