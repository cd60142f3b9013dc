import torch
from torch.nn.functional import normalize

from pfs.homework.battery import Battery


def direction(q, k, queue, temperature):
    right = torch.einsum("nd,nd->n", q, k)[:, None]
    ahead = (torch.cat([right, q @ queue.mT], 1) - right) / temperature
    return torch.logsumexp(ahead, 1).mean()


def oracle(q1, k1, q2, k2, queue, temperature):
    there = direction(q1, k2, queue, temperature)
    return 0.5 * there + 0.5 * direction(q2, k1, queue, temperature)


def unit(draw, *shape):
    return normalize(draw.normal(*shape), dim=1)


def case(draw, batch, size, length, temperature):
    four = [unit(draw, batch, size) for _ in range(4)]
    return *four, unit(draw, length, size), temperature


def cases(draw):
    yield case(draw, 3, 4, 5, 0.5)
    yield case(draw, 1, 2, 1, 0.2)
    yield case(draw, 4, 4, 4, 1.0)
    yield case(draw, 7, 3, 2, 0.3)
    yield case(draw, 2, 5, 11, 0.25)


def edges(draw):
    yield case(draw, 3, 4, 5, 0.01)
    yield case(draw, 3, 4, 1, 100.0)


def swap(symmetric, draw):
    q1, k1, q2, k2, *rest = case(draw, 4, 3, 5, 0.3)
    return torch.allclose(
        symmetric(q1, k1, q2, k2, *rest), symmetric(q2, k2, q1, k1, *rest)
    )


def plain(symmetric, draw):
    q, k, _, _, *rest = case(draw, 4, 3, 5, 0.3)
    both = symmetric(q, k, q.clone(), k.clone(), *rest)
    return torch.allclose(both, direction(q, k, *rest))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"swap": swap, "plain": plain},
    forbid=("pfs.contrastive",),
)
