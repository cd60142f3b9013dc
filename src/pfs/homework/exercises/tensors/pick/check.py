import torch
from torch.nn import functional

from pfs.homework.battery import Battery


def oracle(x, index):
    rows = x.reshape(-1, x.shape[-1])
    loss = functional.nll_loss(rows, index.reshape(-1), reduction="none")
    return -loss.reshape(index.shape)


def case(draw, *shape):
    return draw.normal(*shape), draw.whole(shape[-1], *shape[:-1])


def cases(draw):
    yield draw.normal(2, 3), torch.tensor([2, 0])
    yield case(draw, 3, 5, 7)
    yield case(draw, 4, 4)
    yield case(draw, 1, 5)
    yield case(draw, 5, 1)
    yield case(draw, 11)
    yield case(draw, 3, 3, 3)
    yield case(draw, 2, 1, 3, 5)


def edges(draw):
    yield case(draw, 0, 3)
    x, index = case(draw, 6, 5)
    for bad in (-torch.inf, torch.nan):
        others = torch.arange(5) != index[:, None]
        yield x.masked_fill(others, bad), index
    yield torch.full_like(x, -torch.inf), index


def moved(pick, draw):
    x, index = case(draw, 6, 5)
    rolled = pick(x.roll(2, 1), (index + 2) % 5)
    return torch.equal(rolled, pick(x, index))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"moved": moved},
    forbid=(
        *("nll_loss", "nll_loss_nd", "nll_loss_forward", "cross_entropy"),
        *("cross_entropy_loss",),
    ),
)
