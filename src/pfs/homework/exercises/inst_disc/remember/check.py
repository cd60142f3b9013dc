import torch
from torch.nn.functional import normalize

from pfs.homework.battery import Battery


def oracle(bank, embeddings, index, momentum):
    rows = []
    for number, old in enumerate(bank):
        here = embeddings[index == number]
        if len(here):
            new = momentum * old + (1 - momentum) * here.mean(0)
            rows.append(normalize(new, dim=0))
        else:
            rows.append(old)
    return torch.stack(rows)


def sphere(draw, rows, size):
    return normalize(draw.normal(rows, size), dim=1)


def case(draw, rows, size, index, momentum):
    index = torch.tensor(index)
    return (
        sphere(draw, rows, size),
        sphere(draw, len(index), size),
        index,
        momentum,
    )


def cases(draw):
    yield case(draw, 7, 5, [4, 0, 2], 0.5)
    yield case(draw, 1, 2, [0], 0.25)
    yield case(draw, 4, 4, [3, 1, 0, 2], 0.9)
    yield case(draw, 11, 3, [5, 10, 5, 1, 5], 0.5)
    yield case(draw, 5, 2, [2, 2], 0.3)


def edges(draw):
    yield case(draw, 7, 5, [4, 0, 2], 0.0)
    yield case(draw, 7, 5, [6, 6, 6], 0.0)
    yield case(draw, 7, 5, [3], 1.0)


def unit(remember, draw):
    bank = remember(*case(draw, 9, 4, [8, 1, 8], 0.7))
    return torch.allclose(bank.norm(dim=1), torch.ones_like(bank[:, 0]))


def order(remember, draw):
    bank, embeddings, index, momentum = case(draw, 9, 4, [8, 1, 8], 0.7)
    return torch.allclose(
        remember(bank, embeddings.flip(0), index.flip(0), momentum),
        remember(bank, embeddings, index, momentum),
    )


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"unit": unit, "order": order},
    gradient=(),
    forbid=("pfs.contrastive",),
)
