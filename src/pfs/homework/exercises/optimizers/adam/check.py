import torch
from torch.optim.adam import adam as step

from pfs.homework.battery import Battery


def oracle(theta, g, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    theta, m, v = theta.clone(), m.clone(), v.clone()
    step(
        [theta],
        [g],
        [m],
        [v],
        [],
        [torch.tensor(t - 1, dtype=torch.float64)],
        foreach=False,
        differentiable=True,
        amsgrad=False,
        beta1=beta1,
        beta2=beta2,
        lr=lr,
        weight_decay=0,
        eps=eps,
        maximize=False,
    )
    return theta, m, v


def case(draw, *shape):
    theta, g, m = (draw.normal(*shape) for _ in range(3))
    return theta, g, m, 0.5 + draw.uniform(*shape)


def cases(draw):
    yield *case(draw, 3), 2, 0.1
    yield *case(draw, 2, 3), 3, 0.05, 0.8, 0.95, 0.02
    yield *case(draw, 4, 4), 7, 0.5, 0.5, 0.7
    yield *case(draw, 3, 1, 5), 5
    theta, g, m, v = case(draw, 7)
    yield theta, g, 0 * m, 0 * v, 1, 0.1
    yield *case(draw), 1000, 0.2
    theta, g, m, v = case(draw, 5)
    yield theta, 1e-6 * g, 1e-6 * m, 1e-12 * v, 4, 0.1


def edges(draw):
    yield *case(draw, 0, 3), 1
    theta, g, m, v = case(draw, 2, 3)
    yield theta, 0 * g, 0 * m, 0 * v, 1, 0.1
    yield theta, 1e12 * g, 1e12 * m, 1e24 * v, 2, 0.1
    yield theta, g, m, v, 100_000, 0.1
    yield theta, g, m, v, 3, 0.1, 0.0, 0.0


def first(adam, draw):
    theta, g, m, v = case(draw, 6)
    new, _, _ = adam(theta, g, 0 * m, 0 * v, 1, 0.1, 0.9, 0.999, 1e-12)
    return torch.allclose(new - theta, -0.1 * g.sign())


def scale_free(adam, draw):
    theta, g, m, v = case(draw, 3, 4)
    new, _, _ = adam(theta, g, m, v, 5, 0.1, 0.9, 0.99, 0.0)
    other, _, _ = adam(theta, 8 * g, 8 * m, 64 * v, 5, 0.1, 0.9, 0.99, 0.0)
    return torch.allclose(new, other)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"first": first, "scale": scale_free},
    forbid=("fused_adam", "torch.optim", "pfs.optim"),
)
