import torch
from torch.nn.functional import linear

from pfs.homework.battery import Battery


def oracle(h, W1, b1, W2, b2):
    z = linear(linear(h, W1, b1).clamp(min=0), W2, b2)
    return z / torch.linalg.vector_norm(z, dim=1, keepdim=True)


def case(draw, batch, features, size):
    return (
        draw.normal(batch, features),
        draw.normal(features, features),
        draw.normal(features),
        draw.normal(size, features),
        1 + draw.uniform(size),
    )


def cases(draw):
    yield case(draw, 3, 4, 2)
    yield case(draw, 1, 1, 2)
    yield case(draw, 4, 4, 4)
    yield case(draw, 2, 3, 7)
    yield case(draw, 5, 7, 3)


def edges(draw):
    h, *weights = case(draw, 3, 4, 2)
    yield 1e4 * h, *weights
    yield case(draw, 0, 4, 2)
    yield torch.zeros_like(h), *weights


def unit(head, draw):
    q = head(*case(draw, 6, 4, 3))
    length = torch.linalg.vector_norm(q, dim=1)
    return torch.allclose(length, torch.ones_like(length))


def scale(head, draw):
    h, W1, b1, W2, b2 = case(draw, 4, 4, 3)
    return torch.allclose(
        head(h, W1, b1, 3 * W2, 3 * b2), head(h, W1, b1, W2, b2)
    )


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"unit": unit, "scale": scale},
    forbid=("pfs.contrastive",),
)
