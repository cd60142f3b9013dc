import torch

from pfs.homework.battery import Battery


def cases(draw):
    yield (draw.normal(2, 3),)
    yield (draw.normal(3, 5, 7),)
    yield (draw.normal(4, 4),)
    yield (draw.normal(11),)
    yield (draw.normal(5, 1),)
    yield (draw.normal(3, 1, 3, 2),)
    yield (20 * draw.normal(5, 5),)
    yield (draw.normal(2, 5) - 15,)


def edges(draw):
    x = draw.normal(3, 4)
    for size in (1e4, -1e4):
        yield (x + size,)
    yield (1e4 * x,)
    yield (x + torch.tensor([[0.0], [-1e4], [1e4]]),)
    holes = torch.tensor([False, True, False, True])
    yield (x.masked_fill(holes, -torch.inf),)
    yield (torch.full_like(x, -torch.inf),)
    yield (torch.cat([x, torch.full_like(x, -torch.inf)]),)
    yield (torch.tensor([0.0, torch.inf, -torch.inf], dtype=torch.float64),)
    yield (draw.normal(0, 3),)


def shifted(logsumexp, draw):
    x, number = draw.normal(3, 5), 7.5
    return torch.allclose(logsumexp(x + number), logsumexp(x) + number)


CHECK = Battery(
    cases,
    oracle=lambda x: torch.logsumexp(x, -1),
    edges=edges,
    invariants={"shifted": shifted},
    forbid=(
        *("logsumexp", "special_logsumexp", "logcumsumexp"),
        *("log_softmax", "softmax", "cross_entropy", "cross_entropy_loss"),
        *("pfs.nn.log_softmax", "pfs.nn.softmax"),
    ),
)
