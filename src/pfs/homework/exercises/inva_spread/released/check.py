import math

import torch
from torch.nn.functional import log_softmax

from pfs.homework.battery import Battery


def unit(x):
    return x / x.norm(dim=-1, keepdim=True)


def oracle(f, copies, temperature):
    z, m, terms = torch.cat([f, copies]), len(f), []
    for a in range(2 * m):
        copy = (a + m) % (2 * m)
        row = [copy] + [b for b in range(2 * m) if b % m != a % m]
        log_p = log_softmax(torch.mv(z[row].detach(), z[a]) / temperature, 0)
        terms.append(-log_p[0] - torch.log1p(-log_p[1:].exp()).sum())
    return torch.stack(terms).mean()


def case(draw, images, size, temperature):
    f = unit(draw.normal(images, size))
    return f, unit(f + 0.5 * draw.normal(images, size)), temperature


def cases(draw):
    yield case(draw, 3, 2, 1.0)
    yield case(draw, 2, 3, 0.5)
    yield case(draw, 4, 4, 0.5)
    yield case(draw, 5, 7, 0.7)
    yield case(draw, 7, 3, 2.0)


def edges(draw):
    same = unit(draw.normal(1, 4)).expand(5, 4).clone()
    yield same, same.clone(), 0.1
    eye = torch.eye(3, dtype=torch.float64)
    yield eye, eye.clone(), 0.1


def uniform(released, draw):
    same = unit(draw.normal(1, 4)).repeat(5, 1)
    want = math.log(9) - 8 * math.log(1 - 1 / 9)
    want = torch.tensor(want, dtype=torch.float64)
    return torch.allclose(released(same, same, 0.1), want)


def equals(released, draw):
    f, copies, temperature = case(draw, 5, 4, 0.5)
    one = released(f, copies, temperature)
    return torch.allclose(one, released(copies, f, temperature))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"uniform": uniform, "equals": equals},
    forbid=("pfs.contrastive",),
)
