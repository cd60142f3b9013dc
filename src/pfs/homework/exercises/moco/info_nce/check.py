import torch
from torch.nn.functional import normalize

from pfs.homework.battery import Battery


def oracle(query, key, queue, temperature):
    q, k = normalize(query, dim=1), normalize(key, dim=1)
    right = (q * k).sum(1) / temperature
    every = torch.cat([right[:, None], q @ queue.mT / temperature], 1)
    return (torch.logsumexp(every, 1) - right).mean()


def case(draw, batch, size, length, temperature):
    queue = normalize(draw.normal(length, size), dim=1)
    query, key = draw.normal(2, batch, size)
    return query, key, queue, temperature


def cases(draw):
    yield case(draw, 3, 4, 5, 0.5)
    yield case(draw, 1, 2, 1, 0.2)
    yield case(draw, 4, 4, 4, 1.0)
    yield case(draw, 7, 3, 2, 0.3)
    yield case(draw, 2, 5, 11, 0.25)


def edges(draw):
    yield case(draw, 3, 4, 5, 0.001)
    yield case(draw, 3, 4, 0, 0.2)
    query, key, queue, _ = case(draw, 3, 4, 5, 0.2)
    yield 1e3 * query, 1e-3 * key, queue, 0.2


def order(info_nce, draw):
    query, key, queue, t = case(draw, 3, 4, 6, 0.2)
    return torch.allclose(
        info_nce(query, key, queue, t), info_nce(query, key, queue.flip(0), t)
    )


def length(info_nce, draw):
    query, key, queue, t = case(draw, 3, 4, 6, 0.2)
    return torch.allclose(
        info_nce(query, key, queue, t), info_nce(7 * query, key, queue, t)
    )


def same(info_nce, draw):
    one = normalize(draw.normal(1, 4), dim=1)
    loss = info_nce(one, one, one.repeat(9, 1), 0.07)
    return torch.allclose(loss.exp(), torch.full_like(loss, 10.0))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"order": order, "length": length, "same": same},
    forbid=("pfs.contrastive",),
)
