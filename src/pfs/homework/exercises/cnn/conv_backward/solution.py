import torch
from torch import Tensor
from torch.nn.functional import pad


def conv_backward(
    x: Tensor, weight: Tensor, dy: Tensor, stride: int, padding: int
) -> tuple[Tensor, Tensor, Tensor]:
    height, width = x.shape[2:]
    rows, columns = weight.shape[2:]
    down, right = dy.shape[2:]
    padded = pad(x, (padding, padding, padding, padding))
    windows = padded.unfold(2, rows, stride).unfold(3, columns, stride)
    dweight = torch.einsum("nohw,nchwij->ocij", dy, windows)
    dbias = dy.sum((0, 2, 3))
    dpadded = torch.zeros_like(padded)
    for i in range(rows):
        for j in range(columns):
            part = torch.einsum("nohw,oc->nchw", dy, weight[:, :, i, j])
            tall = slice(i, i + stride * down, stride)
            wide = slice(j, j + stride * right, stride)
            dpadded[:, :, tall, wide] += part
    dx = dpadded[:, :, padding : padding + height, padding : padding + width]
    return dx, dweight, dbias
