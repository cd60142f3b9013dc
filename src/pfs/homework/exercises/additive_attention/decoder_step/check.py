import torch
from torch.nn.functional import linear

from pfs.homework.battery import Battery

NAMES = ("y", "s", "keys", "W", "U", "v")
CELL = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def oracle(y, s, keys, W, U, v, *cell):
    hidden = (linear(s, W).unsqueeze(1) + linear(keys, U)).tanh()
    weights = torch.einsum("bju,u->bj", hidden, v).softmax(1)
    c = torch.einsum("bj,bjk->bk", weights, keys)
    return torch.gru_cell(torch.cat([y, c], 1), s, *cell), c


def case(draw, batch, source, token, state, units):
    return (
        draw.normal(batch, token),
        draw.normal(batch, state),
        draw.normal(batch, source, 2 * state),
        draw.normal(units, state),
        draw.normal(units, 2 * state),
        draw.normal(units),
        draw.normal(3 * state, token + 2 * state),
        draw.normal(3 * state, state),
        draw.normal(3 * state),
        draw.normal(3 * state),
    )


def cases(draw):
    yield case(draw, 2, 5, 3, 4, 6)
    yield case(draw, 1, 1, 1, 1, 1)
    yield case(draw, 3, 3, 3, 3, 3)
    yield case(draw, 4, 7, 2, 5, 2)
    yield case(draw, 2, 2, 4, 2, 7)


def edges(draw):
    yield case(draw, 0, 5, 3, 4, 6)
    y, s, keys, *rest = case(draw, 2, 5, 3, 4, 6)
    yield 1e4 * y, s, keys, *rest
    yield y, s, keys[:, :1].expand(-1, 5, -1).contiguous(), *rest


def order(step, draw):
    y, s, keys, *rest = case(draw, 3, 5, 2, 4, 6)
    moved = keys[:, torch.tensor([3, 0, 4, 2, 1])]
    one, other = step(y, s, keys, *rest), step(y, s, moved, *rest)
    return all(torch.allclose(a, b) for a, b in zip(one, other, strict=True))


def asked(step, draw):
    y, s, keys, *rest = case(draw, 3, 5, 2, 4, 6)
    _, before = step(y, s, keys, *rest)
    _, after = step(y + 1, s, keys, *rest)
    return torch.allclose(before, after)


CHECK = Battery(
    cases,
    oracle=oracle,
    names=(*NAMES, *CELL),
    edges=edges,
    invariants={"order": order, "asked": asked},
    forbid=("pfs.translation",),
)
