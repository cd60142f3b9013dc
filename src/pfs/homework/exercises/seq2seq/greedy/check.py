from itertools import pairwise

import torch

from pfs.homework.battery import Battery


def oracle(log_p, bos, eos, max_length):
    tokens, totals = [], []
    for table in log_p:
        written, total, last = [], table.new_zeros(()), bos
        while len(written) < max_length:
            if written and written[-1] == eos:
                written.append(eos)
                continue
            last = max(range(len(table)), key=table[last].tolist().__getitem__)
            total = total + table[bos if not written else written[-1], last]
            written.append(last)
        tokens.append(written)
        totals.append(total)
    if not tokens:
        return torch.zeros(0, max_length).long(), log_p.new_zeros(0)
    return torch.tensor(tokens), torch.stack(totals)


def case(draw, batch, vocab):
    return draw.normal(batch, vocab, vocab).log_softmax(2)


def chain(draw, vocab, *lines):
    """A table for each line that makes greedy write it."""
    log_p = case(draw, len(lines), vocab)
    for table, line in zip(log_p, lines, strict=True):
        for last, following in pairwise(line):
            table[last, following] = 3.0 + 0.1 * following
    return log_p.log_softmax(2)


def cases(draw):
    yield chain(draw, 6, [1, 4, 2], [1, 5, 3, 4, 2]), 1, 2, 5
    yield case(draw, 4, 4), 1, 2, 4
    yield case(draw, 7, 5), 0, 3, 6
    yield case(draw, 1, 1), 0, 0, 1
    yield chain(draw, 7, [0, 1, 2, 3, 4, 5, 6]), 0, 6, 3
    yield case(draw, 11, 3), 2, 1, 4
    yield chain(draw, 5, [1, 2], [1, 3, 2], [1, 4, 3, 4]), 1, 2, 7


def edges(draw):
    yield case(draw, 0, 4), 1, 2, 3
    log_p = chain(draw, 5, [1, 3, 2], [1, 2])
    log_p[:, 2] = -torch.inf
    log_p[:, 2, 4] = 0.0
    yield log_p, 1, 2, 4


def alone(greedy, draw):
    log_p = case(draw, 5, 6)
    tokens, total = greedy(log_p, 1, 2, 5)
    for b in range(5):
        one, sums = greedy(log_p[b : b + 1], 1, 2, 5)
        if not torch.equal(one[0], tokens[b]):
            return False
        if not torch.allclose(sums[0], total[b]):
            return False
    return True


def ended(greedy, draw):
    log_p = chain(draw, 6, [1, 4, 2], [1, 2])
    other = log_p.clone()
    other[:, 2] = draw.normal(2, 6).log_softmax(1)
    one, two = greedy(log_p, 1, 2, 5), greedy(other, 1, 2, 5)
    return torch.equal(one[0], two[0]) and torch.allclose(one[1], two[1])


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"alone": alone, "ended": ended},
    dtypes=(),
    meta=False,
    forbid=("pfs.translation",),
)
