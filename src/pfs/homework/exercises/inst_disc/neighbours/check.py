import torch
from torch.nn.functional import normalize

from pfs.homework.battery import Battery


def oracle(bank, labels, queries, k, temperature, classes):
    shares = torch.zeros(len(queries), classes, dtype=queries.dtype)
    for row, query in enumerate(queries):
        scores = bank @ query
        best = sorted(range(len(bank)), key=lambda i: -float(scores[i]))[:k]
        weights = torch.softmax(scores[best] / temperature, 0)
        for i, weight in zip(best, weights, strict=True):
            shares[row, labels[i]] += weight
    return shares


def case(draw, rows, queries, size, k, temperature, classes):
    return (
        normalize(draw.normal(rows, size), dim=1),
        draw.whole(classes, rows),
        normalize(draw.normal(queries, size), dim=1),
        k,
        temperature,
        classes,
    )


def cases(draw):
    yield case(draw, 11, 3, 5, 4, 0.5, 3)
    yield case(draw, 1, 1, 2, 1, 1.0, 1)
    yield case(draw, 5, 5, 5, 5, 0.2, 5)
    yield case(draw, 13, 2, 3, 7, 0.1, 4)
    yield case(draw, 7, 4, 2, 1, 0.07, 2)


def edges(draw):
    yield case(draw, 7, 3, 5, 7, 0.07, 6)
    yield case(draw, 7, 3, 5, 3, 10.0, 2)


def shares(neighbours, draw):
    votes = neighbours(*case(draw, 11, 3, 5, 4, 0.3, 6))
    ones = torch.ones_like(votes[:, 0])
    return bool((votes >= 0).all()) and torch.allclose(votes.sum(1), ones)


def alone(neighbours, draw):
    bank, labels, queries, *rest = case(draw, 11, 3, 5, 4, 0.3, 3)
    together = neighbours(bank, labels, queries, *rest)
    return torch.allclose(
        neighbours(bank, labels, queries[1:2], *rest), together[1:2]
    )


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"shares": shares, "alone": alone},
    gradient=(),
    dtypes=("float32",),
    meta=True,
    forbid=("pfs.training", "pfs.contrastive"),
)
