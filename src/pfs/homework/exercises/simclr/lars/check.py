import torch

from pfs.homework.battery import Battery


def oracle(w, g, v, lr, momentum=0.9, weight_decay=0.0, eta=0.001):
    """In Python's numbers where they decide, in float64."""
    length = float((w * w).sum()) ** 0.5
    below = float((g * g).sum()) ** 0.5 + weight_decay * length
    ratio = eta * length / below if length > 0 and below > 0 else 1.0
    moved = momentum * v + lr * ratio * (g + weight_decay * w)
    return w - moved, moved


def case(draw, *shape):
    return tuple(draw.normal(*shape) for _ in range(3))


def cases(draw):
    yield *case(draw, 2, 3), 0.5, 0.9, 0.1, 0.5
    yield *case(draw, 1, 1), 1.0, 0.5, 0.2, 0.3
    yield *case(draw, 4, 4), 0.1, 0.0, 0.0, 0.9
    yield *case(draw, 3, 2, 5), 2.0, 0.8, 0.5, 0.4
    yield *case(draw, 7, 3), 100.0
    w, g, v = case(draw, 5, 2)
    yield 100 * w, 0.01 * g, v, 0.3, 0.9, 0.7, 0.01


def edges(draw):
    w, g, v = case(draw, 2, 3)
    yield 0 * w, g, v, 0.5, 0.9, 0.1, 0.2
    yield w, 0 * g, v, 0.5, 0.9, 0.0, 0.2
    yield w, 0 * g, v, 0.5, 0.9, 0.1, 0.2
    yield 0 * w, 0 * g, v, 0.5, 0.9, 0.1, 0.2
    yield w, 1e12 * g, v, 0.5, 0.9, 0.0, 0.2
    yield *case(draw, 0, 3), 0.5


def scale(lars, draw):
    w, g, v = case(draw, 4, 3)
    one, _ = lars(w, g, 0 * v, 0.5, 0.9, 0.0, 0.2)
    two, _ = lars(w, 1000 * g, 0 * v, 0.5, 0.9, 0.0, 0.2)
    return torch.allclose(one, two)


def share(lars, draw):
    w, g, v = case(draw, 4, 3)
    new, _ = lars(w, g, 0 * v, 0.5, 0.9, 0.0, 0.2)
    return torch.allclose((new - w).norm(), 0.5 * 0.2 * w.norm())


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"scale": scale, "share": share},
    gradient=(),
    forbid=("pfs.optim", "torch.optim"),
)
