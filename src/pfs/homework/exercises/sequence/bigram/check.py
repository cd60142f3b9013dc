from collections import Counter
from itertools import pairwise

import torch

from pfs.homework.battery import Battery


def oracle(ids, num_symbols):
    symbols = ids.tolist()
    single, pairs = Counter(symbols), Counter(pairwise(symbols))
    kinds = len(single)
    below = [
        (single[w] + kinds / num_symbols) / (len(symbols) + kinds)
        for w in range(num_symbols)
    ]
    rows = []
    for c in range(num_symbols):
        row = [pairs[c, w] for w in range(num_symbols)]
        u = sum(n > 0 for n in row)
        rows.append(
            [
                (n + u * p) / (sum(row) + u)
                for n, p in zip(row, below, strict=True)
            ]
            if u
            else below
        )
    return torch.tensor(rows, dtype=torch.float64)


def cases(draw):
    yield torch.tensor([0, 1, 0, 2, 0, 1]), 4
    yield draw.whole(3, 20), 3
    yield draw.whole(5, 11), 5
    yield draw.whole(7, 40), 11
    yield draw.whole(4, 4), 4
    yield draw.whole(1, 5), 1


def edges(draw):
    yield torch.tensor([2]), 3
    yield torch.tensor([0, 1, 2, 3]), 4
    yield draw.whole(3, 3000), 3
    yield draw.whole(5, 30).to(torch.int32), 60


def sums(bigram, draw):
    rows = bigram(draw.whole(6, 25), 9).sum(1)
    return torch.allclose(rows, torch.ones_like(rows))


def nothing_impossible(bigram, draw):
    return bool((bigram(draw.whole(4, 15), 8) > 0).all())


def much_text(bigram, draw):
    chain = draw.uniform(3, 3) + 0.2
    chain = chain / chain.sum(1, keepdim=True)
    symbols, rolls = [0], draw.uniform(4000).tolist()
    limits = chain.cumsum(1).tolist()
    for roll in rolls:
        symbols.append(sum(roll > edge for edge in limits[symbols[-1]][:2]))
    found = bigram(torch.tensor(symbols), 3)
    return bool((found - chain).abs().max() < 0.08)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={
        "sums": sums,
        "nothing-impossible": nothing_impossible,
        "much-text": much_text,
    },
    forbid=("pfs.training",),
    gradient=(),
    dtypes=(),
    meta=False,
)
