import torch

from pfs.homework.battery import Battery


def oracle(states, lengths):
    layers, batch, _, hidden = states.shape
    rows = [states[:, b, n - 1] for b, n in enumerate(lengths.tolist())]
    if not rows:
        return states.new_zeros(layers, batch, hidden)
    return torch.stack(rows, 1)


def cases(draw):
    yield draw.normal(2, 3, 5, 4), torch.tensor([3, 5, 1])
    yield draw.normal(1, 2, 4, 3), torch.tensor([2, 3])
    yield draw.normal(4, 4, 4, 4), torch.tensor([4, 1, 3, 2])
    yield draw.normal(3, 1, 1, 2), torch.tensor([1])
    yield draw.normal(3, 5, 2, 7), torch.tensor([1, 2, 1, 2, 1])
    yield draw.normal(2, 3, 6, 5), torch.tensor([6, 6, 6])
    yield draw.normal(2, 7, 9, 1), draw.whole(10, 7, low=1)


def behind(states, lengths):
    place = torch.arange(states.shape[2])
    return (place >= lengths[:, None])[None, :, :, None]


def edges(draw):
    states, lengths = draw.normal(2, 3, 6, 4), torch.tensor([2, 6, 1])
    mask = behind(states, lengths)
    yield states.masked_fill(mask, torch.nan), lengths
    yield states.masked_fill(mask, torch.inf), lengths
    yield draw.normal(2, 0, 4, 3), torch.zeros(0, dtype=torch.int64)


def padding(last_state, draw):
    states, lengths = draw.normal(2, 4, 7, 3), draw.whole(8, 4, low=1)
    other = states.masked_fill(behind(states, lengths), 9.0)
    one = last_state(states, lengths)
    return torch.equal(last_state(other, lengths), one)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"padding": padding},
    gradient=(0,),
    meta=False,
    forbid=("pfs.translation", "pfs.recurrent"),
)
