import torch
from torch.nn.functional import cross_entropy, normalize

from pfs.homework.battery import Battery


def oracle(first, second, temperature):
    """The two means over the blocks, as the authors have them, halved."""
    a, b = normalize(first, dim=1), normalize(second, dim=1)
    n = len(a)
    hidden = torch.eye(n, dtype=torch.bool)
    label = torch.arange(n)
    total = 0.0
    for one, two in ((a, b), (b, a)):
        own = (one @ one.T / temperature).masked_fill(hidden, -torch.inf)
        logits = torch.cat([one @ two.T / temperature, own], 1)
        total = total + cross_entropy(logits, label) / 2
    return total


def case(draw, batch, size, temperature):
    return draw.normal(batch, size), draw.normal(batch, size), temperature


def cases(draw):
    yield case(draw, 3, 4, 0.5)
    yield case(draw, 1, 5, 0.5)
    yield case(draw, 4, 4, 0.1)
    yield case(draw, 7, 2, 0.3)
    yield case(draw, 11, 3, 2.0)


def edges(draw):
    first, second, _ = case(draw, 5, 4, 1.0)
    yield 1e6 * first, 1e-3 * second, 0.5
    yield first, second, 0.001
    yield first[:1].repeat(5, 1), first[:1].repeat(5, 1), 0.5
    yield first, first.clone(), 0.07
    yield first[:1], -first[:1], 0.001


def length(nt_xent, draw):
    first, second, _ = case(draw, 5, 4, 1.0)
    long = 0.5 + draw.uniform(5, 1)
    return torch.allclose(
        nt_xent(long * first, second, 0.3), nt_xent(first, second, 0.3)
    )


def symmetric(nt_xent, draw):
    first, second, _ = case(draw, 6, 3, 1.0)
    return torch.allclose(
        nt_xent(first, second, 0.3), nt_xent(second, first, 0.3)
    )


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"length": length, "symmetric": symmetric},
    forbid=("pfs.contrastive",),
)
