import torch

from pfs.homework.battery import Battery


def oracle(cosines, temperature):
    log = (cosines / temperature).log_softmax(-1)
    return torch.exp(-torch.logsumexp(2 * log, -1))


def cases(draw):
    yield draw.uniform(3, 5), 0.5
    yield draw.uniform(1), 0.2
    yield draw.uniform(4, 4), 0.3
    yield draw.uniform(2, 3, 7), 1.0
    yield draw.uniform(11), 0.25


def edges(draw):
    yield draw.uniform(3, 5), 0.001
    yield draw.uniform(0, 5), 0.2
    yield torch.ones_like(draw.uniform(2, 6)), 0.07
    yield draw.uniform(3, 5), 1e6


def between(pushing, draw):
    n = pushing(2 * draw.uniform(30, 8) - 1, 0.3)
    return bool(((n >= 1 - 1e-9) & (n <= 8 + 1e-9)).all())


def shift(pushing, draw):
    s = draw.uniform(4, 6)
    return torch.allclose(pushing(s, 0.2), pushing(s - 0.5, 0.2))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"between": between, "shift": shift},
    forbid=("pfs.contrastive",),
)
