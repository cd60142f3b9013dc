import torch

from pfs.homework.battery import Battery


def oracle(logits, ids, penalty):
    factor = torch.ones_like(logits)
    for row, line in enumerate(ids.tolist()):
        for token in set(line):
            above = float(logits.detach()[row, token]) > 0
            factor[row, token] = 1 / penalty if above else penalty
    return logits * factor


def cases(draw):
    yield draw.normal(2, 5), torch.tensor([[0, 3], [1, 4]]), 2.0
    yield draw.normal(3, 7), draw.whole(7, 3, 4), 1.2
    yield draw.normal(1, 1), torch.zeros(1, 3).long(), 1.5
    yield draw.normal(4, 4), draw.whole(4, 4, 4), 1.3
    yield draw.normal(5, 11) - 2, draw.whole(11, 5, 2), 3.0
    yield draw.normal(2, 3) + 2, draw.whole(3, 2, 13), 1.1
    yield draw.normal(3, 5), draw.whole(5, 3, 6), 0.5


def edges(draw):
    yield draw.normal(2, 5), torch.zeros(2, 0).long(), 1.4
    yield draw.normal(2, 5), torch.full((2, 9), 3), 1.4
    yield draw.normal(3, 6), draw.whole(6, 3, 4), 1.0
    barred = torch.tensor([[1, 0, 0, 1], [0, 0, 1, 0]]).bool()
    logits = draw.normal(2, 4).masked_fill(barred, -torch.inf)
    yield logits, torch.tensor([[0, 1], [2, 3]]), 1.7
    yield draw.normal(0, 4), torch.zeros(0, 2).long(), 1.3


def lower(penalize, draw):
    logits, ids = 3 * draw.normal(6, 9), draw.whole(9, 6, 4)
    after = penalize(logits, ids, 1.5)
    return bool((after.gather(1, ids) < logits.gather(1, ids)).all())


def once(penalize, draw):
    logits, ids = draw.normal(3, 8), draw.whole(8, 3, 4)
    twice = torch.cat([ids, ids.flip(1)], 1)
    one = penalize(logits, ids, 1.6)
    return torch.allclose(penalize(logits, twice, 1.6), one)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"lower": lower, "once": once},
    forbid=("transformers.generation", "pfs.language"),
)
