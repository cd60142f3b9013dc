import torch
from torch.nn.functional import cross_entropy, normalize

from pfs.homework.battery import Battery


def loss(first, second, temperature):
    u = normalize(torch.cat([first, second]), dim=1)
    s = (u @ u.T / temperature).fill_diagonal_(-torch.inf)
    partner = torch.arange(len(u)).roll(len(first))
    return cross_entropy(s, partner)


def oracle(first, second, temperature):
    leaves = [t.detach().requires_grad_() for t in (first, second)]
    return torch.autograd.grad(loss(*leaves, temperature), leaves)


def case(draw, batch, size, temperature):
    return draw.normal(batch, size), draw.normal(batch, size), temperature


def cases(draw):
    yield case(draw, 3, 4, 0.5)
    yield case(draw, 1, 5, 0.5)
    yield case(draw, 4, 4, 0.3)
    yield case(draw, 7, 2, 0.2)
    yield case(draw, 11, 3, 2.0)


def edges(draw):
    first, second, _ = case(draw, 5, 4, 1.0)
    yield 1e3 * first, 1e-2 * second, 0.5
    yield first, second, 0.01
    yield first, first.clone(), 0.1


def upright(gradient, draw):
    first, second, _ = case(draw, 5, 4, 1.0)
    pairs = zip((first, second), gradient(first, second, 0.3), strict=True)
    return all((z * d).sum(1).abs().max() < 1e-9 for z, d in pairs)


def shorter(gradient, draw):
    first, second, _ = case(draw, 5, 4, 1.0)
    one, _ = gradient(first, second, 0.3)
    two, _ = gradient(4 * first, second, 0.3)
    return torch.allclose(one, 4 * two)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"upright": upright, "shorter": shorter},
    gradient=(),
    forbid=(
        *("backward", "grad", "torch.autograd.grad"),
        *("torch.autograd.backward", "torch.autograd.functional"),
        *("torch._functorch", "pfs.contrastive"),
    ),
)
