import torch
from torch.nn.functional import pad


def conv_backward(x, weight, dy, stride, padding):
    rows, columns = weight.shape[2:]
    padded = pad(x, (padding, padding, padding, padding))
    height, width = padded.shape[2:]
    dx, dweight = torch.zeros_like(padded), torch.zeros_like(weight)
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            top, left = i * stride, j * stride
            window = padded[:, :, top : top + rows, left : left + columns]
            slope = dy[:, :, i, j]
            dweight = dweight + torch.einsum("no,ncuv->ocuv", slope, window)
            part = torch.einsum("no,ocuv->ncuv", slope, weight)
            sides = (left, width - left - columns, top, height - top - rows)
            dx = dx + pad(part, sides)
    end = None if padding == 0 else -padding
    return dx[:, :, padding:end, padding:end], dweight, dy.sum((0, 2, 3))
