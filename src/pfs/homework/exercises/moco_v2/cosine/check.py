import math

import torch

from pfs.homework.battery import Battery


def oracle(epoch, epochs, rate):
    def one(t):
        return rate * (1 + math.cos(math.pi * t / epochs)) / 2

    return epoch.clone().apply_(one)


def numbers(last):
    return torch.arange(last + 1, dtype=torch.float64)


def cases(draw):
    yield numbers(6), 6, 0.5
    yield numbers(5).reshape(2, 3), 7, 0.03
    yield torch.tensor(3.0, dtype=torch.float64), 4, 1.0
    yield numbers(1), 1, 2.0
    yield 200 * draw.uniform(11), 200, 0.06
    yield 3 * draw.uniform(3, 1), 3, 0.25


def edges(draw):
    yield numbers(6), 6, 0.0
    yield numbers(-1), 4, 0.5
    yield torch.tensor([0.0, 5e5, 1e6], dtype=torch.float64), 10**6, 30.0


def ends(cosine, draw):
    first, last = cosine(torch.tensor([0.0, 9.0], dtype=torch.float64), 9, 0.3)
    return abs(float(first) - 0.3) < 1e-9 and abs(float(last)) < 1e-9


def halves(cosine, draw):
    t = 8 * draw.uniform(12)
    both = cosine(t, 8, 0.4) + cosine(8 - t, 8, 0.4)
    return torch.allclose(both, torch.full_like(both, 0.4))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"ends": ends, "halves": halves},
    gradient=(),
    forbid=("pfs.optim", "torch.optim"),
)
