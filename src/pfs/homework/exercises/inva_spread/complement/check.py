import torch

from pfs.homework.battery import Battery


def oracle(scores):
    size, total = scores.shape[1], torch.logsumexp(scores, 1)
    kept = [[k for k in range(size) if k != i] for i in range(size)]
    rest = [torch.logsumexp(scores[:, others], 1) for others in kept]
    return torch.stack(rest, 1) - total[:, None]


def cases(draw):
    yield (draw.normal(2, 3),)
    yield (draw.normal(3, 2),)
    yield (draw.normal(1, 5),)
    yield (draw.normal(4, 4),)
    yield (2 * draw.normal(5, 7),)


def edges(draw):
    x = draw.normal(3, 4)
    sure = torch.tensor([60.0, 0.0, -1.0, 0.5], dtype=torch.float64)
    yield (x + sure,)
    yield (x + 20 * sure,)
    yield (x + 1e4,)
    yield (x - 1e4,)
    yield (torch.zeros_like(x),)
    yield (torch.tensor([[900.0, 900.0, 0.0]], dtype=torch.float64),)
    yield (draw.normal(0, 3),)


def whole(complement, draw):
    p = 1 - complement(draw.normal(4, 5)).exp()
    return torch.allclose(p.sum(1), torch.ones(4, dtype=torch.float64))


def shifted(complement, draw):
    x = draw.normal(3, 5)
    return torch.allclose(complement(x + 7.5), complement(x))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"whole": whole, "shifted": shifted},
    forbid=("pfs.contrastive",),
)
