import torch

from pfs.homework.battery import Battery


def oracle(x, pieces):
    units = x.shape[-1] // pieces
    groups = [x[..., pieces * k : pieces * (k + 1)] for k in range(units)]
    return torch.stack([group.max(-1).values for group in groups], -1)


def cases(draw):
    yield draw.normal(2, 6), 2
    yield draw.normal(3, 6), 3
    yield draw.normal(1, 1), 1
    yield draw.normal(4, 3, 10), 5
    yield draw.normal(5, 4), 4
    yield draw.normal(12), 2
    yield draw.normal(7, 14), 2


def edges(draw):
    yield draw.normal(0, 6), 2
    yield 1e30 * draw.normal(3, 6), 3
    yield -1e4 - draw.normal(3, 8).abs(), 2


def larger(maxout, draw):
    x = draw.normal(5, 12)
    return bool((maxout(x + 1, 3) > maxout(x, 3)).all())


def relu(maxout, draw):
    u = draw.normal(5, 7)
    both = torch.stack([u, torch.zeros_like(u)], -1).flatten(1)
    return torch.equal(maxout(both, 2), u.clamp(min=0))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"larger": larger, "relu": relu},
    forbid=("max_pool1d", "max_pool2d", "pfs.translation"),
)
