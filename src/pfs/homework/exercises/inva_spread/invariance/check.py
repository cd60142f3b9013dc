import torch
from torch.nn.functional import log_softmax

from pfs.homework.battery import Battery


def unit(x):
    return x / x.norm(dim=-1, keepdim=True)


def oracle(f, copies, temperature):
    terms = [
        log_softmax(torch.mv(f, copy) / temperature, 0)[i]
        for i, copy in enumerate(copies)
    ]
    return -torch.stack(terms).mean()


def case(draw, images, size, temperature):
    f = unit(draw.normal(images, size))
    return f, unit(f + 0.5 * draw.normal(images, size)), temperature


def cases(draw):
    yield case(draw, 2, 3, 1.0)
    yield case(draw, 5, 3, 0.5)
    yield case(draw, 4, 4, 0.1)
    yield case(draw, 1, 2, 0.1)
    yield case(draw, 7, 11, 2.0)


def edges(draw):
    f = unit(draw.normal(5, 4))
    yield f, -f, 0.001
    yield f[:1].expand(5, 4).clone(), f[:1].expand(5, 4).clone(), 0.1


def uniform(invariance, draw):
    same = unit(draw.normal(1, 4)).repeat(6, 1)
    want = torch.tensor(6.0, dtype=torch.float64).log()
    return torch.allclose(invariance(same, same, 0.1), want)


def order(invariance, draw):
    f, copies, temperature = case(draw, 5, 4, 0.3)
    mixed = torch.tensor([3, 0, 4, 1, 2])
    one = invariance(f, copies, temperature)
    return torch.allclose(one, invariance(f[mixed], copies[mixed], temperature))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"uniform": uniform, "order": order},
    forbid=("pfs.contrastive",),
)
