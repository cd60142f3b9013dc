import torch

from pfs.homework.battery import Battery


def oracle(left, right, prior):
    return torch.nn.functional.log_softmax(left + right - prior, -1)


def case(draw, vocab, *sizes, spread=1.0):
    left = torch.log_softmax(spread * draw.normal(*sizes, vocab), -1)
    right = torch.log_softmax(spread * draw.normal(*sizes, vocab), -1)
    return left, right, torch.log_softmax(draw.normal(vocab), -1)


def cases(draw):
    yield case(draw, 3, 2)
    yield case(draw, 5, 2, 3)
    yield case(draw, 1, 1)
    yield case(draw, 4, 4, 4)
    yield case(draw, 7, 3, 2)
    yield case(draw, 11, 5)


def edges(draw):
    yield case(draw, 5, 0, 3)
    left, right, prior = case(draw, 5, 2, 3)
    yield left.masked_fill(torch.arange(5) == 1, -torch.inf), right, prior
    yield case(draw, 4, 3, spread=3000.0)


def silent(pool, draw):
    left, _, prior = case(draw, 6, 2, 3)
    return torch.allclose(
        pool(left, prior.expand_as(left).clone(), prior), left
    )


def certain(pool, draw):
    _, right, prior = case(draw, 4, 3)
    sure = torch.full((3, 4), -torch.inf, dtype=torch.float64)
    sure[:, 2] = 0
    return torch.equal(pool(sure, right, prior).exp(), sure.exp())


def normalized(pool, draw):
    p = pool(*case(draw, 9, 2, 5)).exp()
    return torch.allclose(p.sum(-1), torch.ones(2, 5, dtype=p.dtype))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={
        "silent": silent,
        "certain": certain,
        "normalized": normalized,
    },
    forbid=("pfs.recurrent",),
)
