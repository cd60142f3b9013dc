import math

import torch
from torch.nn.functional import log_softmax

from pfs.homework.battery import Battery


def unit(x):
    return x / x.norm(dim=-1, keepdim=True)


def oracle(f, temperature):
    terms = []
    for j in range(len(f)):
        log_p = log_softmax(torch.mv(f, f[j]) / temperature, 0)
        others = [i for i in range(len(f)) if i != j]
        terms.append(-torch.log1p(-log_p.exp())[others].sum())
    return torch.stack(terms).mean()


def cases(draw):
    yield unit(draw.normal(3, 2)), 1.0
    yield unit(draw.normal(2, 3)), 0.5
    yield unit(draw.normal(4, 4)), 0.3
    yield unit(draw.normal(7, 3)), 0.7
    yield unit(draw.normal(5, 11)), 2.0


def edges(draw):
    f = unit(draw.normal(4, 3))
    yield f[:1].expand(4, 3).clone(), 0.1
    yield torch.cat([f[:1], f[:1], -f[:1]]), 0.5


def uniform(spreading, draw):
    same = unit(draw.normal(1, 4)).repeat(6, 1)
    want = torch.tensor(-5 * math.log(1 - 1 / 6), dtype=torch.float64)
    return torch.allclose(spreading(same, 0.1), want)


def apart(spreading, draw):
    eye = torch.eye(4, dtype=torch.float64)
    near = unit(eye + 1 + 0.1 * draw.uniform(4, 4))
    return bool(spreading(eye, 0.1) < spreading(near, 0.1))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"uniform": uniform, "apart": apart},
    forbid=("pfs.contrastive",),
)
