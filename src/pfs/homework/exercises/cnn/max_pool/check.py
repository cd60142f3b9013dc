import torch
from torch.nn import functional

from pfs.homework.battery import Battery


def cases(draw):
    yield draw.normal(2, 3, 4, 6), 2, 2, 0
    yield draw.normal(2, 3, 7, 5), 3, 2, 1
    yield -draw.uniform(3, 3, 3, 3) - 1, 3, 1, 1
    yield draw.normal(1, 1, 1, 1), 1, 1, 0
    yield draw.normal(1, 2, 8, 7), 3, 1, 0
    yield draw.normal(2, 1, 7, 8), 2, 3, 1
    yield draw.normal(2, 2, 6, 9), 5, 3, 2
    yield draw.normal(2, 5, 5, 4), 1, 2, 0


def edges(draw):
    yield draw.normal(0, 3, 4, 6), 2, 2, 0
    yield -1e30 * (draw.uniform(2, 2, 5, 4) + 1), 3, 2, 1
    yield torch.full((1, 2, 4, 4), -torch.inf, dtype=torch.float64), 3, 2, 1
    x = draw.normal(2, 2, 6, 6)
    yield x.masked_fill(draw.truth(2, 2, 6, 6), -torch.inf), 3, 1, 1
    yield torch.ones(1, 2, 4, 5, dtype=torch.float64), 2, 1, 1


def rises(max_pool, draw):
    x = draw.normal(2, 3, 6, 5)
    high = max_pool(x + 1, 3, 2, 1)
    return torch.allclose(high, max_pool(x, 3, 2, 1) + 1)


def channels(max_pool, draw):
    x = draw.normal(2, 4, 6, 5)
    y = max_pool(x, 2, 2, 1)
    return torch.equal(max_pool(x.flip(1), 2, 2, 1), y.flip(1))


CHECK = Battery(
    cases,
    oracle=functional.max_pool2d,
    edges=edges,
    invariants={"rises": rises, "channels": channels},
    forbid=(
        *("max_pool1d", "max_pool2d", "max_pool3d"),
        *("max_pool1d_with_indices", "max_pool2d_with_indices"),
        *("max_pool3d_with_indices", "mkldnn_max_pool2d"),
        *("adaptive_max_pool1d", "adaptive_max_pool2d"),
        *("fractional_max_pool2d", "fractional_max_pool3d"),
        *("torch.nn.modules.pooling", "pfs.basics.cnn"),
    ),
)
