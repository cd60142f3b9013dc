import torch
from torch.optim.rmsprop import rmsprop as step

from pfs.homework.battery import Battery


def oracle(theta, g, v, lr=0.01, alpha=0.99, eps=1e-8):
    theta, v = theta.clone(), v.clone()
    step(
        [theta],
        [g],
        [v],
        [],
        [],
        [torch.tensor(1.0)],
        foreach=False,
        differentiable=True,
        lr=lr,
        alpha=alpha,
        eps=eps,
        weight_decay=0,
        momentum=0,
        centered=False,
    )
    return theta, v


def case(draw, *shape):
    theta, g = draw.normal(*shape), draw.normal(*shape)
    return theta, g, 0.5 + draw.uniform(*shape)


def cases(draw):
    yield *case(draw, 3), 0.1, 0.9
    yield *case(draw, 2, 3), 0.05, 0.7, 0.02
    yield *case(draw, 4, 4), 0.5, 0.5
    yield case(draw, 3, 1, 5)
    theta, g, v = case(draw, 7)
    yield theta, g, 0 * v, 0.1, 0.9
    yield *case(draw), 0.2, 0.8
    theta, g, v = case(draw, 5)
    yield theta, 1e-6 * g, 1e-12 * v, 0.1


def edges(draw):
    yield case(draw, 0, 3)
    theta, g, v = case(draw, 2, 3)
    yield theta, 0 * g, 0 * v, 0.1
    yield theta, 1e12 * g, 1e24 * v, 0.1
    yield theta, g, v, 0.1, 0.0
    yield theta, g, v, 0.0


def first(rmsprop, draw):
    theta, g, v = case(draw, 6)
    new, _ = rmsprop(theta, g, 0 * v, 0.1, 0.99, 1e-12)
    return torch.allclose(new - theta, -g.sign())


def scale_free(rmsprop, draw):
    theta, g, v = case(draw, 3, 4)
    new, _ = rmsprop(theta, g, v, 0.1, 0.9, 0.0)
    other, _ = rmsprop(theta, 8 * g, 64 * v, 0.1, 0.9, 0.0)
    return torch.allclose(new, other)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"first": first, "scale": scale_free},
    forbid=("torch.optim", "pfs.optim"),
)
