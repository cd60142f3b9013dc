import torch

from pfs.homework.battery import Battery


def oracle(logits, k):
    numbers = logits.detach().reshape(-1, logits.shape[-1]).tolist()
    keep = [
        [sum(other > one for other in row) < k for one in row]
        for row in numbers
    ]
    stays = torch.tensor(keep, dtype=torch.bool).reshape(logits.shape)
    return torch.where(stays, logits, -torch.inf)


def tied(draw, *shape):
    return draw.whole(3, *shape).to(torch.float64)


def cases(draw):
    yield draw.normal(2, 5), 2
    yield draw.normal(3, 3), 1
    yield draw.normal(7), 3
    yield draw.normal(4, 4) - 5, 3
    yield draw.normal(2, 3, 11), 4
    yield draw.normal(3, 5), 5
    yield draw.normal(2, 1), 1
    yield tied(draw, 6, 7), 2
    yield tied(draw, 6, 7), 3


def edges(draw):
    yield draw.normal(3, 4), 9
    yield torch.zeros(2, 3, dtype=torch.float64), 2
    yield 1e300 * draw.normal(2, 5), 3
    yield 1e-12 * draw.normal(2, 5), 3
    barred = torch.tensor([[0, 1, 0, 1, 0], [1, 1, 1, 0, 1]]).bool()
    yield draw.normal(2, 5).masked_fill(barred, -torch.inf), 2
    yield draw.normal(2, 5).masked_fill(barred, -torch.inf), 4
    yield torch.zeros(0, 3, dtype=torch.float64), 2


def again(top_k, draw):
    logits = draw.normal(3, 8)
    return torch.equal(top_k(top_k(logits, 5), 3), top_k(logits, 3))


def order(top_k, draw):
    logits = tied(draw, 4, 6)
    places = draw.uniform(6).argsort()
    return torch.equal(top_k(logits[:, places], 2), top_k(logits, 2)[:, places])


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"again": again, "order": order},
    forbid=("transformers.generation",),
)
