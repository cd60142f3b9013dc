from itertools import pairwise

import torch

from pfs.homework.battery import Battery


def oracle(ids, batch_size, window):
    stream = ids.tolist()
    length = 0
    while (length + 1) * batch_size + 1 <= len(stream):
        length += 1
    found = []
    for first in range(0, length, window):
        steps = [t for t in range(first, first + window) if t < length]
        places = [[i * length + t for t in steps] for i in range(batch_size)]
        pair = [
            [[stream[p + more] for p in row] for row in places]
            for more in (0, 1)
        ]
        found.append(
            tuple(torch.tensor(part, dtype=ids.dtype) for part in pair)
        )
    return tuple(found)


def cases(draw):
    yield draw.whole(50, 20), 2, 3
    yield draw.whole(50, 21), 2, 4
    yield draw.whole(9, 37), 3, 3
    yield draw.whole(9, 17), 4, 4
    yield torch.arange(12), 1, 5
    yield draw.whole(99, 26), 5, 1
    yield draw.whole(99, 23), 3, 5
    yield draw.whole(99, 31), 7, 2


def edges(draw):
    yield draw.whole(50, 8), 7, 3
    yield draw.whole(50, 2), 1, 1
    yield draw.whole(50, 20), 3, 100
    yield draw.whole(50, 15).to(torch.int32), 2, 3


def goes_on(windows, draw):
    pairs = windows(draw.whole(1000, 40), 3, 4)
    return all(
        torch.equal(before[1][:, -1], after[0][:, 0])
        for before, after in pairwise(pairs)
    )


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"goes-on": goes_on},
    forbid=("pfs.data", "pfs.recipes", "pfs.training"),
    dtypes=(),
)
