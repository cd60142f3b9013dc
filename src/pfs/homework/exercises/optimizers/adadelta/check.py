import torch
from torch.optim.adadelta import adadelta as step

from pfs.homework.battery import Battery


def oracle(theta, g, v, u, lr=1.0, rho=0.9, eps=1e-6):
    theta, v, u = theta.clone(), v.clone(), u.clone()
    step(
        [theta],
        [g],
        [v],
        [u],
        [torch.tensor(0.0)],
        foreach=False,
        differentiable=True,
        lr=lr,
        rho=rho,
        eps=eps,
        weight_decay=0,
        maximize=False,
    )
    return theta, v, u


def case(draw, *shape):
    theta, g = draw.normal(*shape), draw.normal(*shape)
    return theta, g, 0.5 + draw.uniform(*shape), 0.2 + draw.uniform(*shape)


def cases(draw):
    yield *case(draw, 3), 0.5, 0.7, 0.1
    yield case(draw, 2, 3)
    yield *case(draw, 4, 4), 1.0, 0.95
    yield *case(draw, 3, 1, 5), 2.0, 0.5, 1e-3
    theta, g, v, u = case(draw, 7)
    yield theta, g, 0 * v, 0 * u
    yield *case(draw), 0.3, 0.8


def edges(draw):
    yield case(draw, 0, 3)
    theta, g, v, u = case(draw, 2, 3)
    yield theta, 0 * g, 0 * v, 0 * u
    yield theta, 1e12 * g, 1e24 * v, u
    yield theta, g, v, u, 0.0
    yield theta, g, v, u, 1.0, 0.0


def first(adadelta, draw):
    theta, g, v, u = case(draw, 6)
    new, _, _ = adadelta(theta, 1e3 * g, 0 * v, 0 * u, 1.0, 0.75, 1e-8)
    return torch.allclose(new - theta, -2e-4 * g.sign(), rtol=1e-3)


def units(adadelta, draw):
    theta, g, v, u = case(draw, 3, 4)
    one, _, _ = adadelta(theta, g, v, u, 1.0, 0.9, 0.0)
    two, _, _ = adadelta(8 * theta, g, v, 64 * u, 1.0, 0.9, 0.0)
    return torch.allclose(two, 8 * one)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"first": first, "units": units},
    forbid=("torch.optim", "pfs.optim"),
)
