import torch
from torch.nn import functional

from pfs.homework.battery import Battery

LONG = 400


def by_gradient(kernels, strides):
    x = torch.ones(1, 1, LONG, dtype=torch.float64, requires_grad=True)
    y = x
    for kernel, stride in zip(kernels, strides, strict=True):
        weight = torch.ones(1, 1, kernel, dtype=torch.float64)
        y = functional.conv1d(y, weight, stride=stride)
    y[0, 0, y.shape[2] // 2].backward()
    seen = x.grad[0, 0].nonzero()[:, 0]
    return int(seen[-1] - seen[0]) + 1


def cases(draw):
    yield (3,), (1,)
    yield (3, 3), (1, 1)
    yield (3, 3), (2, 1)
    yield (5, 5), (2, 2)
    yield (1, 4), (3, 2)
    yield (7, 3, 3), (2, 2, 1)
    yield (3, 1, 5), (1, 2, 3)
    yield (2, 2, 2), (2, 2, 2)
    yield (4, 3), (1, 4)
    for _ in range(12):
        depth = 1 + int(draw.whole(4, 1))
        kernels = tuple((1 + draw.whole(5, depth)).tolist())
        yield kernels, tuple((1 + draw.whole(3, depth)).tolist())


def edges(draw):
    yield (), ()
    yield (1, 1, 1), (2, 3, 1)
    yield (3,) * 12, (1,) * 12


def whole(receptive_field, draw):
    return type(receptive_field((3, 3), (2, 1))) is int


CHECK = Battery(
    cases,
    oracle=by_gradient,
    edges=edges,
    invariants={"whole": whole},
    forbid=(
        *("conv1d", "conv2d", "conv3d", "convolution"),
        *("torch.autograd", "torch.nn.modules.conv", "pfs.nn.conv"),
    ),
)
