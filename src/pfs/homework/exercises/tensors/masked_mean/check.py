import torch

from pfs.homework.battery import Battery


def oracle(x, lengths):
    rows = [
        row[:length].mean(0) if length else row.new_zeros(row.shape[1])
        for row, length in zip(x, lengths.tolist(), strict=True)
    ]
    return torch.stack(rows) if rows else x.new_zeros(0, x.shape[2])


def case(draw, batch, time, features, shortest=1):
    lengths = draw.whole(time + 1, batch, low=shortest)
    return draw.normal(batch, time, features), lengths


def cases(draw):
    yield draw.normal(2, 5, 3), torch.tensor([5, 2])
    yield case(draw, 4, 4, 4)
    yield draw.normal(3, 7, 2), torch.tensor([3, 0, 6])
    yield case(draw, 1, 1, 1)
    x, lengths = case(draw, 11, 5, 1, shortest=0)
    yield x.relu(), lengths
    yield case(draw, 7, 3, 5, shortest=0)
    yield case(draw, 3, 13, 3)


def edges(draw):
    x, lengths = case(draw, 5, 6, 3, shortest=0)
    padding = torch.arange(6) >= lengths[:, None]
    for bad in (torch.nan, torch.inf, 1e30):
        yield x.masked_fill(padding[..., None], bad), lengths
    yield x, torch.zeros_like(lengths)
    yield case(draw, 0, 4, 3)
    yield draw.normal(2, 0, 3), torch.tensor([0, 0])


def longer(masked_mean, draw):
    x, lengths = case(draw, 4, 5, 3)
    more = torch.cat([x, 100 * draw.normal(4, 2, 3)], 1)
    return torch.allclose(masked_mean(more, lengths), masked_mean(x, lengths))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"longer": longer},
    forbid=("torch.masked", "segment_reduce", "nanmean"),
)
