import torch
from torch.nn import functional

from pfs.homework.battery import Battery


def oracle(x, approximate="none"):
    return functional.gelu(x, approximate=approximate)


def cases(draw):
    yield (draw.normal(2, 3),)
    yield draw.normal(2, 3), "tanh"
    yield 2 * draw.normal(5, 1, 5), "none"
    yield draw.normal(7), "tanh"
    yield (torch.linspace(-5, 5, 11, dtype=torch.float64),)
    yield torch.linspace(-5, 5, 11, dtype=torch.float64), "tanh"
    yield (draw.normal(),)
    yield 20 * draw.normal(4, 4), "tanh"


def edges(draw):
    yield (1e4 * draw.normal(2, 3),)
    yield 1e4 * draw.normal(2, 3), "tanh"
    yield (draw.normal(0, 3),)
    yield (torch.zeros(2, 2, dtype=torch.float64),)


def difference(gelu, draw):
    x = 2 * draw.normal(50)
    return all(
        torch.allclose(gelu(x, form) - gelu(-x, form), x)
        for form in ("none", "tanh")
    )


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"difference": difference},
    forbid=("gelu", "pfs.nn.gelu"),
)
