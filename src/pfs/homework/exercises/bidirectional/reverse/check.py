import torch

from pfs.homework.battery import Battery


def oracle(x, lengths):
    y = x.clone()
    for b, n in enumerate(lengths.tolist()):
        for t in range(n):
            y[b, t] = x[b, n - 1 - t]
    return y


def cases(draw):
    yield draw.normal(3, 5, 2), torch.tensor([3, 5, 1])
    yield draw.normal(4, 4, 4), torch.tensor([2, 4, 3, 1])
    yield draw.normal(2, 7, 3), torch.tensor([6, 4])
    yield draw.normal(1, 1, 1), torch.tensor([1])
    yield draw.normal(3, 2, 5), torch.tensor([2, 2, 2])
    yield draw.whole(50, 5, 6, 1), torch.tensor([5, 0, 2, 6, 3])
    yield draw.normal(5, 6, 3), draw.whole(7, 5)


def edges(draw):
    yield draw.normal(0, 4, 2), torch.zeros(0, dtype=torch.int64)
    yield draw.normal(2, 4, 3), torch.tensor([0, 0])
    x, lengths = draw.normal(3, 6, 2), torch.tensor([4, 6, 1])
    behind = torch.arange(6) >= lengths[:, None]
    yield x.masked_fill(behind[:, :, None], torch.inf), lengths
    yield x.masked_fill(behind[:, :, None], torch.nan), lengths


def twice(reverse, draw):
    x, lengths = draw.normal(4, 6, 3), draw.whole(7, 4)
    return torch.equal(reverse(reverse(x, lengths), lengths), x)


def padding(reverse, draw):
    x, lengths = draw.normal(4, 7, 3), draw.whole(8, 4)
    behind = (torch.arange(7) >= lengths[:, None])[:, :, None]
    y = reverse(x, lengths).masked_fill(behind, 0.0)
    other = reverse(x.masked_fill(behind, 9.0), lengths)
    return torch.equal(other.masked_fill(behind, 0.0), y)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"twice": twice, "padding": padding},
    forbid=("pfs.recurrent",),
    meta=False,
)
