import torch
from torch.nn.functional import linear

from pfs.homework.battery import Battery


def oracle(states, keys, W, U, v):
    hidden = linear(states, W).unsqueeze(2) + linear(keys, U).unsqueeze(1)
    return torch.einsum("biju,u->bij", hidden.tanh(), v)


def case(draw, batch, target, source, state, key, units):
    return (
        draw.normal(batch, target, state),
        draw.normal(batch, source, key),
        draw.normal(units, state),
        draw.normal(units, key),
        draw.normal(units),
    )


def cases(draw):
    yield case(draw, 2, 3, 5, 4, 6, 7)
    yield case(draw, 1, 1, 1, 1, 1, 1)
    yield case(draw, 3, 3, 3, 3, 3, 3)
    yield case(draw, 4, 1, 7, 2, 4, 3)
    yield case(draw, 1, 5, 2, 3, 1, 11)


def edges(draw):
    states, *rest = case(draw, 2, 3, 5, 4, 6, 7)
    yield 1e4 * states, *rest
    yield case(draw, 0, 3, 5, 4, 6, 7)
    yield case(draw, 2, 3, 0, 4, 6, 7)


def bounded(scores, draw):
    states, keys, W, U, v = case(draw, 3, 4, 5, 2, 6, 7)
    e = scores(100 * states, 100 * keys, W, U, v)
    return bool((e.abs() <= v.abs().sum() * (1 + 1e-9)).all())


def pairs(scores, draw):
    states, keys, *weights = case(draw, 2, 4, 5, 2, 6, 7)
    together = scores(states, keys, *weights)
    alone = scores(states[:, 2:3], keys[:, 1:2], *weights)
    return torch.allclose(alone, together[:, 2:3, 1:2])


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"bounded": bounded, "pairs": pairs},
    forbid=("pfs.translation",),
)
