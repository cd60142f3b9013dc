import torch
from torch.nn import functional

from pfs.homework.battery import Battery


def by_convolution(size, kernel, stride=1, padding=0, dilation=1):
    x = torch.empty(1, 1, size, device="meta")
    weight = torch.empty(1, 1, kernel, device="meta")
    return functional.conv1d(x, weight, None, stride, padding, dilation).shape[
        2
    ]


def cases(draw):
    yield 7, 3
    yield 5, 5
    yield 1, 1
    yield 7, 3, 2
    yield 8, 3, 2
    yield 8, 3, 2, 1
    yield 9, 2, 5
    yield 2, 3, 1, 1
    yield 4, 1, 3, 0, 7
    yield 9, 3, 1, 0, 2
    yield 11, 4, 3, 2, 3
    yield 224, 11, 4, 2
    for _ in range(20):
        kernel, stride, padding, dilation, more = draw.whole(6, 5).tolist()
        size = 1 + dilation * kernel + kernel + more
        yield size, 1 + kernel, 1 + stride, padding, 1 + dilation


def edges(draw):
    yield 5, 3, 100
    yield 5, 3, 1, 0, 2
    yield 100_003, 7, 3, 3, 5


def whole(output_size, draw):
    return type(output_size(7, 3, 2)) is int


CHECK = Battery(
    cases,
    oracle=by_convolution,
    edges=edges,
    invariants={"whole": whole},
    forbid=(
        *("conv1d", "conv2d", "conv3d", "convolution", "unfold"),
        *("torch.nn.modules.conv", "torch.nn.modules.pooling"),
    ),
)
