import torch
from torch.optim.adagrad import adagrad as step

from pfs.homework.battery import Battery


def oracle(theta, g, s, lr=0.01, eps=1e-10):
    theta, s = theta.clone(), s.clone()
    step(
        [theta],
        [g],
        [s],
        [torch.tensor(0.0)],
        foreach=False,
        differentiable=True,
        lr=lr,
        weight_decay=0,
        lr_decay=0,
        eps=eps,
        maximize=False,
    )
    return theta, s


def case(draw, *shape):
    theta, g = draw.normal(*shape), draw.normal(*shape)
    return theta, g, 0.5 + 2 * draw.uniform(*shape)


def cases(draw):
    yield *case(draw, 3), 0.1
    yield *case(draw, 2, 3), 0.5, 0.02
    yield *case(draw, 4, 4), 1.0
    yield case(draw, 3, 1, 5)
    theta, g, s = case(draw, 7)
    yield theta, g, 0 * s, 0.1
    yield *case(draw), 0.2
    theta, g, s = case(draw, 5)
    yield theta, 1e-9 * g, 1e-18 * s, 0.1


def edges(draw):
    yield case(draw, 0, 3)
    theta, g, s = case(draw, 2, 3)
    yield theta, 0 * g, 0 * s, 0.1
    yield theta, 1e12 * g, 1e24 * s, 0.1
    yield theta, g, 1e12 * s, 0.1
    yield theta, g, s, 0.0


def slows(adagrad, draw):
    theta, g, s = case(draw, 6)
    s = 0 * s
    for count in range(1, 6):
        old = theta
        theta, s = adagrad(theta, g, s, 0.1, 0.0)
        if not torch.allclose(theta - old, -0.1 * g.sign() / count**0.5):
            return False
    return True


def scale_free(adagrad, draw):
    theta, g, s = case(draw, 3, 4)
    new, _ = adagrad(theta, g, s, 0.1, 0.0)
    other, _ = adagrad(theta, 8 * g, 64 * s, 0.1, 0.0)
    return torch.allclose(new, other)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"slows": slows, "scale": scale_free},
    forbid=("fused_adagrad", "torch.optim", "pfs.optim"),
)
