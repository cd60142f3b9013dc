from functools import wraps

import torch
from torch.optim.sgd import sgd as step

from pfs.homework.battery import Battery


def adapt(momentum):
    @wraps(momentum)
    def run(theta, g, v, lr, mu, *nesterov):
        words = {"nesterov": nesterov[0]} if nesterov else {}
        return momentum(theta, g, v, lr, mu, **words)

    return run


def oracle(theta, g, v, lr, mu, nesterov=False):
    theta, v = theta.clone(), v.clone()
    step(
        [theta],
        [g],
        [v],
        foreach=False,
        weight_decay=0,
        momentum=mu,
        lr=lr,
        dampening=0,
        nesterov=nesterov,
        maximize=False,
    )
    return theta, v


def case(draw, *shape):
    return draw.normal(*shape), draw.normal(*shape), draw.normal(*shape)


def cases(draw):
    yield *case(draw, 3), 0.1, 0.9
    yield *case(draw, 2, 3), 0.1, 0.9, True
    yield *case(draw, 4, 4), 0.03, 0.5, False
    yield *case(draw, 3, 1, 5), 2.0, 0.7, True
    yield *case(draw), 0.2, 0.99
    theta, g, v = case(draw, 7)
    yield theta, g, 0 * v, 0.1, 0.9
    yield theta, g, 0 * v, 0.1, 0.9, True


def edges(draw):
    yield *case(draw, 0, 3), 0.1, 0.9
    theta, g, v = case(draw, 2, 3)
    yield theta, 0 * g, v, 0.1, 0.9, True
    yield theta, 1e12 * g, v, 0.1, 0.9
    yield theta, g, v, 0.1, 1.0, True
    yield theta, g, v, 0.0, 0.9


def adds_up(momentum, draw):
    theta, g, v = case(draw, 5)
    v = 0 * v
    for _ in range(100):
        theta, v = momentum(theta, g, v, 0.1, 0.5)
    return torch.allclose(v, 2 * g)


def doubles(momentum, draw):
    theta, g, v = case(draw, 3, 4)
    once, _ = momentum(theta, g, v, 0.1, 0.9, True)
    twice, _ = momentum(theta, 2 * g, 2 * v, 0.1, 0.9, True)
    return torch.allclose(twice - theta, 2 * (once - theta))


CHECK = Battery(
    cases,
    oracle=oracle,
    adapt=adapt,
    edges=edges,
    invariants={"limit": adds_up, "linear": doubles},
    forbid=("fused_sgd", "torch.optim", "pfs.optim"),
)
