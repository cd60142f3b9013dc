import torch

from pfs.homework.battery import Battery


def oracle(z):
    zeros, ones = torch.zeros_like(z[:1]), torch.ones_like(z[:1])
    own = 1 - torch.cat([zeros, z])
    gates = torch.cat([z, ones])
    rows = [own[t] * gates[t:].prod(0) for t in range(len(gates))]
    return torch.stack(rows)


def case(draw, time, batch, hidden):
    return (torch.sigmoid(draw.normal(time, batch, hidden)),)


def cases(draw):
    yield case(draw, 3, 2, 4)
    yield case(draw, 1, 1, 1)
    yield case(draw, 4, 4, 4)
    yield case(draw, 7, 3, 2)
    yield case(draw, 2, 5, 3)


def edges(draw):
    (z,) = case(draw, 5, 2, 3)
    z[2, 0] = 0.0
    z[3, 1] = 1.0
    yield (z,)
    yield (torch.zeros_like(z),)
    yield (torch.ones_like(z),)
    yield case(draw, 3, 0, 2)


def sum_is_one(shares, draw):
    rows = shares(*case(draw, 6, 2, 3))
    return torch.allclose(rows.sum(0), torch.ones_like(rows[0]))


def gives_the_state(shares, draw):
    (z,) = case(draw, 6, 2, 3)
    n, h = draw.normal(6, 2, 3), draw.normal(2, 3)
    weighted = (shares(z) * torch.cat([h[None], n])).sum(0)
    for gate, new in zip(z, n, strict=True):
        h = (1 - gate) * new + gate * h
    return torch.allclose(weighted, h)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"sum": sum_is_one, "state": gives_the_state},
    forbid=("pfs.recurrent",),
)
