import torch
from torch.nn.functional import pad


def spread(dy, stride):
    if stride == 1:
        return dy
    high, wide = ((n - 1) * stride + 1 for n in dy.shape[2:])
    out = dy.new_zeros(*dy.shape[:2], high, wide)
    out[:, :, ::stride, ::stride] = dy
    return out


def conv_backward(x, weight, dy, stride, padding):
    rows, columns = weight.shape[2:]
    height, width = (n + 2 * padding for n in x.shape[2:])
    far = spread(dy, stride)
    full = pad(far, (columns - 1, columns - 1, rows - 1, rows - 1))
    windows = full.unfold(2, rows, 1).unfold(3, columns, 1)
    turned = weight.flip(2, 3)
    dx = torch.einsum("nohwij,ocij->nchw", windows, turned)
    dx = pad(dx, (0, width - dx.shape[3], 0, height - dx.shape[2]))
    dx = dx[:, :, padding : height - padding, padding : width - padding]

    padded = pad(x, (padding, padding, padding, padding))
    seen = padded[:, :, : far.shape[2] + rows - 1, : far.shape[3] + columns - 1]
    places = seen.unfold(2, far.shape[2], 1).unfold(3, far.shape[3], 1)
    dweight = torch.einsum("ncijhw,nohw->ocij", places, far)
    return dx, dweight, dy.sum((0, 2, 3))
