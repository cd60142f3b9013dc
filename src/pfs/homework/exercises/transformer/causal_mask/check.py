import numpy
import torch

from pfs.homework.battery import Battery


def truth(scores):
    queries, keys = scores.shape[-2:]
    return torch.from_numpy(numpy.tri(queries, keys, keys - queries, bool))


def cases(draw):
    yield (draw.normal(4, 4),)
    yield (draw.normal(2, 5),)
    yield (draw.normal(1, 7),)
    yield (draw.normal(1, 1),)
    yield (draw.normal(3, 3, 3, 3),)
    yield (draw.normal(2, 1, 3, 11),)


def edges(draw):
    yield (draw.normal(5, 2),)
    yield (draw.normal(3, 1),)
    yield (draw.normal(0, 3, 4),)
    yield (draw.normal(0, 4),)
    yield (torch.full((3, 5), -torch.inf, dtype=torch.float64),)


def step_by_step(causal_mask, draw):
    whole = causal_mask(draw.normal(7, 7))
    rest = causal_mask(draw.normal(3, 7))
    return torch.equal(whole[-3:], rest)


CHECK = Battery(
    cases,
    oracle=truth,
    edges=edges,
    invariants={"step_by_step": step_by_step},
    gradient=(),
    forbid=("torch.nn.attention", "torch.nn.modules.transformer"),
)
