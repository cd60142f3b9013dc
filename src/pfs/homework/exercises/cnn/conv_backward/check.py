import torch
from torch.nn import functional

from pfs.homework.battery import Battery


def leaf(tensor):
    return tensor if tensor.requires_grad else tensor.clone().requires_grad_()


def oracle(x, weight, dy, stride, padding):
    bias = weight.new_zeros(len(weight))
    leaves = leaf(x), leaf(weight), leaf(bias)
    y = functional.conv2d(*leaves, stride, padding)
    again = x.requires_grad
    return torch.autograd.grad(y, leaves, dy, create_graph=again)


def case(draw, image, kernel, outs, stride, padding):
    batch, channels, height, width = image
    rows = (height + 2 * padding - kernel[0]) // stride + 1
    columns = (width + 2 * padding - kernel[1]) // stride + 1
    return (
        draw.normal(batch, channels, height, width),
        draw.normal(outs, channels, *kernel),
        draw.normal(batch, outs, rows, columns),
        stride,
        padding,
    )


def cases(draw):
    yield case(draw, (2, 3, 5, 6), (3, 2), 4, 1, 0)
    yield case(draw, (2, 3, 7, 5), (3, 3), 5, 2, 1)
    yield case(draw, (1, 1, 1, 1), (1, 1), 1, 1, 0)
    yield case(draw, (3, 3, 3, 3), (3, 3), 3, 1, 1)
    yield case(draw, (2, 2, 8, 7), (2, 3), 3, 3, 2)
    yield case(draw, (1, 4, 6, 5), (5, 1), 2, 1, 3)
    yield case(draw, (2, 1, 6, 4), (3, 2), 1, 2, 0)


def edges(draw):
    yield case(draw, (0, 3, 5, 6), (3, 2), 4, 1, 0)
    yield case(draw, (2, 3, 5, 5), (2, 2), 2, 7, 0)
    x, weight, dy, *rest = case(draw, (2, 3, 5, 6), (3, 2), 4, 2, 1)
    yield 1e4 * x, weight, 1e4 * dy, *rest
    yield x, weight, 0 * dy, *rest


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    forbid=(
        *("conv1d", "conv2d", "conv3d", "convolution", "conv_tbc"),
        *("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"),
        *("convolution_backward", "thnn_conv2d", "slow_conv2d_forward"),
        *("mkldnn_convolution", "backward", "torch.nn.grad"),
        *("torch.autograd", "torch._functorch"),
        *("torch.nn.modules.conv", "pfs.nn.conv"),
    ),
)
