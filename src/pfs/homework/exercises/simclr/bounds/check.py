import math

import torch

from pfs.homework.battery import Battery


def oracle(images, temperature):
    """By the definition: one logit of 1 / tau among zeros."""
    nothing = torch.full_like(temperature, math.log(2 * images - 1))
    right = 1 / temperature
    if images == 1:
        return nothing, 0 * temperature
    others = torch.full_like(temperature, math.log(2 * images - 2))
    return nothing, torch.logaddexp(right, others) - right


def tau(draw, *shape):
    return 0.1 + draw.uniform(*shape)


def cases(draw):
    yield 256, tau(draw, 3)
    yield 1, tau(draw, 2)
    yield 2, tau(draw, 2, 2)
    yield 4096, tau(draw, 1)
    yield 7, tau(draw)
    yield 128, tau(draw, 5, 1, 2)


def edges(draw):
    yield 256, torch.tensor([1e-3, 0.01, 1e3], dtype=torch.float64)
    yield 3, tau(draw, 0)


def ordered(bounds, draw):
    nothing, perfect = bounds(64, 0.1 + 5 * draw.uniform(20))
    return bool((perfect < nothing).all() and (perfect > 0).all())


def rising(bounds, draw):
    temperature = torch.linspace(0.1, 3, 30, dtype=torch.float64)
    _, perfect = bounds(64, temperature)
    return bool((perfect[1:] > perfect[:-1]).all())


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"ordered": ordered, "rising": rising},
    forbid=("pfs.contrastive",),
)
