import torch

from pfs.homework.battery import Battery


def oracle(x, order, split):
    size = len(x) // split
    rows = [None] * len(x)
    for start in range(0, len(x), size):
        members = order[start : start + size].tolist()
        group = torch.stack([x[i] for i in members])
        normal = _normal(group)
        for place, i in enumerate(members):
            rows[i] = normal[place]
    return torch.stack(rows)


def _normal(group):
    variance, mean = torch.var_mean(group, 0, correction=0)
    return (group - mean) / torch.sqrt(variance + 1e-5)


def case(draw, split, members, size):
    order = draw.uniform(split * members).argsort()
    return draw.normal(split * members, size), order, split


def cases(draw):
    x, _, split = case(draw, 2, 3, 2)
    yield x, torch.tensor([4, 0, 3, 5, 1, 2]), split
    yield case(draw, 1, 2, 1)
    yield case(draw, 3, 3, 3)
    yield case(draw, 2, 7, 4)
    yield case(draw, 5, 2, 3)


def edges(draw):
    yield case(draw, 4, 1, 2)
    x, order, split = case(draw, 3, 4, 2)
    yield torch.ones_like(x), order, split
    yield 1e3 + x, order, split


def place(shuffle, draw):
    x, order, split = case(draw, 2, 4, 3)
    straight = shuffle(x, order.sort().values, split)
    return all(
        torch.allclose(
            straight[4 * k : 4 * k + 4], _normal(x[4 * k : 4 * k + 4])
        )
        for k in range(2)
    )


def inside(shuffle, draw):
    x, order, split = case(draw, 2, 4, 3)
    turned = torch.cat([half.flip(0) for half in order.chunk(2)])
    return torch.allclose(shuffle(x, order, split), shuffle(x, turned, split))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"place": place, "inside": inside},
    gradient=(0,),
    forbid=("pfs.contrastive", "batch_norm"),
)
