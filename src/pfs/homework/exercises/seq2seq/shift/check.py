import torch

from pfs.homework.battery import Battery


def oracle(target, bos):
    rows = [[bos, *row[:-1]] for row in target.tolist()]
    return torch.tensor(rows, dtype=target.dtype).reshape(target.shape)


def cases(draw):
    yield torch.tensor([[7, 8, 9, 2], [5, 2, 0, 0]]), 1
    yield draw.whole(50, 3, 5), 1
    yield draw.whole(50, 4, 4), 60
    yield draw.whole(9, 1, 7), 3
    yield draw.whole(9, 5, 2), 0
    yield draw.whole(9, 1, 1), 4


def edges(draw):
    yield draw.whole(50, 0, 4), 1
    yield draw.whole(50, 3, 1), 1
    yield draw.whole(50, 2, 6).to(torch.int32), 1


def future(shift, draw):
    target = draw.whole(50, 3, 8)
    read = shift(target, 1)
    for t in range(8):
        other = target.clone()
        other[:, t:] = 99
        if not torch.equal(shift(other, 1)[:, : t + 1], read[:, : t + 1]):
            return False
    return True


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"future": future},
    forbid=("pfs.translation",),
    dtypes=(),
)
