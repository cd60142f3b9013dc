import math

import torch

from pfs.homework.battery import Battery


def oracle(step, d_model, warmup):
    peak = 1 / math.sqrt(d_model * warmup)

    def rate(number):
        if number <= warmup:
            return peak * number / warmup
        return peak * math.sqrt(warmup / number)

    return step.clone().apply_(rate)


def steps(last, first=1):
    return torch.arange(first, last + 1, dtype=torch.float64)


def cases(draw):
    yield steps(8), 4, 3
    yield steps(12).reshape(3, 4), 2, 5
    yield steps(5), 1, 2
    yield torch.tensor(7.0, dtype=torch.float64), 3, 7
    yield steps(11, 5), 16, 100
    yield 1.0 + draw.whole(9000, 5).double(), 512, 4000
    yield steps(3), 7, 1


def edges(draw):
    yield steps(0), 4, 3
    yield torch.tensor([1.0, 4e3, 1e6, 1e9], dtype=torch.float64), 512, 4000
    yield torch.ones(1, 1, dtype=torch.float64), 1, 1


def peak(noam, draw):
    rates = noam(steps(20), 5, 7)
    highest = torch.tensor(35.0, dtype=torch.float64).rsqrt()
    return int(rates.argmax()) == 6 and torch.allclose(rates[6], highest)


def halves(noam, draw):
    late = 50 * steps(4)
    return torch.allclose(noam(4 * late, 8, 10), noam(late, 8, 10) / 2)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"peak": peak, "halves": halves},
    gradient=(),
    forbid=("pfs.optim",),
)
