"""A small exercise for tests: weighted sums of squares, right and wrong."""

import torch
from torch import nn

from pfs.homework import exercises
from pfs.homework.answers import compiled, defined, subject
from pfs.homework.battery import Battery, run_module
from pfs.homework.exercises import HERE
from pfs.homework.judge import judge


def of(id):
    """Read one exercise; others may be half written."""
    return exercises.read(HERE / id.replace(".", "/"), id)


SOFTMAX = of("mlp.softmax")


def cases(draw):
    yield draw.normal(2, 3), draw.normal(3)
    yield draw.normal(1, 1), draw.normal(1)
    yield draw.normal(5, 5), draw.normal(5)
    yield draw.normal(7, 2), draw.normal(2)


def edges(draw):
    yield draw.normal(0, 3), draw.normal(3)
    yield 1e100 * draw.normal(2, 3), draw.normal(3)


def oracle(x, w):
    return torch.einsum("ij,ij,j->i", x, x, w)


def even(call, draw):
    x, w = draw.normal(11, 3), draw.normal(3)
    return torch.equal(call(x, w), call(-x, w))


def learns(call, draw):
    return bool(call(draw.normal(13, 3), torch.ones(3).double()).min() > 0)


SQUARES = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"even": even},
    learns=learns,
    forbid=("einsum", "torch.linalg", "torch.nn.functional"),
)


def right(x, w):
    return (x * x * w).sum(-1)


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))

    def forward(self, x):
        return x * self.weight


MODULES = Battery(
    lambda draw: iter([(draw.normal(2, 3), draw.normal(3))]),
    oracle=lambda x, weight: x * weight,
    adapt=lambda kind: (
        lambda x, weight: run_module(kind(), {"weight": weight}, x)
    ),
)


def verdict_of(thing, battery=SQUARES, seed=0, file=""):
    """Judge a function or a class."""
    return judge("mlp.softmax", battery, subject(battery, thing, file), seed)


def asked(exercise, source, file="<answer>"):
    """Return a source as something that answers."""
    thing = defined(compiled(source, file), source, file, exercise.name)
    return subject(exercise.battery(), thing, file)
