import torch

from pfs.homework.battery import Battery


def oracle(theta, momentum):
    """Unrolled: every row is a weighted mean of all before it."""
    count = len(theta)
    age = torch.arange(count)[:, None] - torch.arange(count)
    share = torch.full((count, count), float(momentum), dtype=torch.float64)
    share = share.pow(age.clamp(min=0)) * (age >= 0)
    share[:, 1:] = share[:, 1:] * (1 - momentum)
    return share.to(theta) @ theta


def cases(draw):
    yield draw.normal(4, 3), 0.9
    yield draw.normal(1, 1), 0.5
    yield draw.normal(5, 5), 0.99
    yield draw.normal(2, 7), 0.25
    yield draw.normal(11, 2), 0.8


def edges(draw):
    yield draw.normal(4, 3), 0.0
    yield draw.normal(4, 3), 1.0
    yield draw.normal(4, 0), 0.9
    yield 1e4 * draw.normal(3, 2), 0.999


def constant(follow, draw):
    start = draw.normal(1, 4).repeat(6, 1)
    return torch.allclose(follow(start, 0.9), start)


def late(follow, draw):
    theta = draw.normal(6, 3)
    moved = torch.cat([theta[:4], theta[4:] + 1])
    return torch.allclose(follow(theta, 0.7)[:4], follow(moved, 0.7)[:4])


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"constant": constant, "late": late},
    forbid=("pfs.contrastive",),
)
