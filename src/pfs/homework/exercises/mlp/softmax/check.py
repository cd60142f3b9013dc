import torch

from pfs.homework.battery import Battery


def cases(draw):
    yield draw.normal(2, 3), -1
    yield draw.normal(7), 0
    yield draw.normal(5, 1, 5), 1
    yield draw.normal(3, 4, 3), -2
    yield 20 * draw.normal(4, 4), 0


def edges(draw):
    yield 1e4 * draw.normal(2, 3), -1
    yield torch.full((2, 3), -1e4, dtype=torch.float64), -1
    yield torch.zeros(0, 3, dtype=torch.float64), -1
    yield torch.tensor([0.0, -torch.inf], dtype=torch.float64), 0


def adds_up(softmax, draw):
    total = softmax(10 * draw.normal(3, 5, 2), 1).sum(1)
    return torch.allclose(total, torch.ones_like(total))


CHECK = Battery(
    cases,
    oracle=torch.softmax,
    edges=edges,
    invariants={"sum": adds_up},
    forbid=(
        *("softmax", "log_softmax", "softmin"),
        *("pfs.nn.softmax", "pfs.nn.log_softmax"),
    ),
)
