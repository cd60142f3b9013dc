import torch

from pfs.homework.battery import Battery


def oracle(ahead, back, lengths):
    rows = []
    for h, g, n in zip(ahead, back, lengths.tolist(), strict=True):
        nothing = 0 * h[0].nan_to_num(), 0 * g[0].nan_to_num()
        row = []
        for t in range(len(h)):
            before = h[t - 1] if 0 < t < n else nothing[0]
            after = g[t + 1] if t + 1 < n else nothing[1]
            row.append(torch.cat([before, after]))
        rows.append(torch.stack(row))
    if not rows:
        return torch.cat([ahead, back], -1)
    return torch.stack(rows)


def case(draw, batch, time, one, two, lengths=None):
    steps = draw.whole(time + 1, batch, low=1)
    if lengths is not None:
        steps = torch.tensor(lengths, dtype=torch.int64)
    return draw.normal(batch, time, one), draw.normal(batch, time, two), steps


def cases(draw):
    yield case(draw, 1, 4, 2, 2, [4])
    yield case(draw, 2, 5, 3, 3, [5, 3])
    yield case(draw, 1, 1, 1, 1, [1])
    yield case(draw, 4, 4, 4, 4, [2, 4, 3, 1])
    yield case(draw, 3, 5, 2, 3, [4, 1, 2])
    yield case(draw, 2, 7, 5, 3)


def edges(draw):
    yield case(draw, 0, 3, 2, 4, [])
    h, g, lengths = case(draw, 3, 5, 2, 2, [3, 5, 1])
    behind = (torch.arange(5) >= lengths[:, None])[:, :, None]
    for value in (torch.inf, torch.nan):
        yield (
            h.masked_fill(behind, value),
            g.masked_fill(behind, value),
            lengths,
        )


def blind(gap, draw):
    h, g, lengths = case(draw, 2, 6, 3, 3, [6, 4])
    found = gap(h, g, lengths)
    for t in range(6):
        one, two = h.clone(), g.clone()
        one[:, t], two[:, t] = draw.normal(2, 3), draw.normal(2, 3)
        if not torch.equal(gap(one, two, lengths)[:, t], found[:, t]):
            return False
    return True


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"blind": blind},
    forbid=("pfs.recurrent",),
    meta=False,
)
