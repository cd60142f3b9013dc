import torch
from torch.nn import functional

from pfs.homework.battery import Battery


def case(draw, image, kernel, outs, stride, padding):
    batch, channels, height, width = image
    return (
        draw.normal(batch, channels, height, width),
        draw.normal(outs, channels, *kernel),
        draw.normal(outs),
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
    yield case(draw, (2, 1, 4, 4), (2, 2), 1, 2, 0)


def edges(draw):
    yield case(draw, (0, 3, 5, 6), (3, 2), 4, 1, 0)
    yield case(draw, (2, 3, 2, 3), (1, 2), 2, 1, 2)
    yield case(draw, (2, 3, 5, 5), (2, 2), 2, 7, 0)
    x, *rest = case(draw, (2, 3, 5, 6), (3, 2), 4, 2, 1)
    yield 1e4 * x, *rest


def shift(conv2d, draw):
    x, weight, bias, *_ = case(draw, (2, 3, 9, 8), (3, 2), 4, 2, 0)
    whole = conv2d(x, weight, bias, 2, 0)
    moved = conv2d(x[:, :, 2:, 2:], weight, bias, 2, 0)
    return torch.allclose(moved, whole[:, :, 1:, 1:])


def alone(conv2d, draw):
    x, *rest = case(draw, (3, 2, 5, 6), (3, 2), 4, 2, 1)
    return torch.allclose(conv2d(x[1:2], *rest), conv2d(x, *rest)[1:2])


CHECK = Battery(
    cases,
    oracle=functional.conv2d,
    edges=edges,
    invariants={"shift": shift, "alone": alone},
    forbid=(
        *("conv1d", "conv2d", "conv3d", "convolution", "conv_tbc"),
        *("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"),
        *("thnn_conv2d", "slow_conv2d_forward", "mkldnn_convolution"),
        *("torch.nn.modules.conv", "pfs.basics.cnn"),
    ),
)
