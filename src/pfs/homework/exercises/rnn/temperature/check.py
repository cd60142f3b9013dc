from itertools import pairwise

import torch

from pfs.homework.battery import Battery


def oracle(logits, temperature):
    gaps = logits.unsqueeze(-2) - logits.unsqueeze(-1)
    gaps = torch.where(gaps.isnan(), 0.0, gaps)
    if temperature == 0:
        earlier = torch.ones(gaps.shape[-2:]).tril(-1).bool()
        lost = (gaps > 0) | (earlier & (gaps == 0))
        return (~lost.any(-1)).to(logits.dtype)
    return 1 / (gaps / temperature).exp().sum(-1)


def tied(draw, *shape):
    return draw.whole(3, *shape).to(torch.float64)


def cases(draw):
    yield draw.normal(2, 5), 0.5
    yield draw.normal(3, 3), 2.0
    yield draw.normal(2, 7), 0.0
    yield draw.normal(11), 1.3
    yield draw.normal(4, 1), 0.7
    yield draw.normal(2, 3, 4), 1.0
    yield 1e-7 * draw.normal(5, 5), 0.0
    yield tied(draw, 6, 8), 0.0
    yield draw.normal(7), 0
    yield 1e-4 * draw.normal(2, 6), 1e-4


def edges(draw):
    yield 1e4 * draw.normal(2, 5), 0.8
    yield draw.normal(2, 5) + 1e4, 0.8
    yield 1e4 * draw.normal(3, 4), 1e-305
    yield draw.normal(3, 4), 1e6
    yield torch.zeros(2, 3, dtype=torch.float64), 0.0
    never = torch.tensor([[0, 1, 0, 1, 0], [1, 0, 0, 0, 1]]).bool()
    barred = draw.normal(2, 5).masked_fill(never, -torch.inf)
    yield barred, 0.5
    yield barred, 0.0
    yield torch.zeros(0, 3, dtype=torch.float64), 0.5
    yield torch.zeros(0, 3, dtype=torch.float64), 0.0


def adds_up(probabilities, draw):
    logits = 5 * draw.normal(3, 6)
    totals = [probabilities(logits, t).sum(-1) for t in (0.0, 0.3, 1.0, 4.0)]
    return all(torch.allclose(t, torch.ones_like(t)) for t in totals)


def evens_out(probabilities, draw):
    logits = draw.normal(4, 7)
    largest = [
        probabilities(logits, t).amax(-1) for t in (0.0, 0.1, 0.7, 1.0, 3.0)
    ]
    return all(bool((cold >= warm).all()) for cold, warm in pairwise(largest))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"sum": adds_up, "evens-out": evens_out},
    forbid=("pfs.training", "pfs.recipes"),
)
