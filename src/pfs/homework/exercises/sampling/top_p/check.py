import math

import torch

from pfs.homework.battery import Battery


def nucleus(row, p):
    largest = max(row)
    powers = [math.exp(z - largest) for z in row]
    order = sorted(range(len(row)), key=lambda i: (-row[i], i))
    chosen = []
    for symbol in order:
        chosen.append(symbol)
        if math.fsum(powers[i] for i in chosen) >= p * math.fsum(powers):
            break
    return chosen if p < 1 else order


def oracle(logits, p):
    rows = logits.detach().reshape(-1, logits.shape[-1]).tolist()
    out = torch.ones(len(rows), logits.shape[-1], dtype=torch.bool)
    for row, barred in zip(rows, out, strict=True):
        barred[nucleus(row, p)] = False
    return logits.masked_fill(out.reshape(logits.shape), -torch.inf)


def shuffled(draw, numbers, *shape):
    places = draw.uniform(*shape, len(numbers)).argsort(-1)
    return torch.tensor(numbers, dtype=torch.float64).log()[places]


def cases(draw):
    yield shuffled(draw, [0.5, 0.25, 0.15, 0.1], 2), 0.7
    yield shuffled(draw, [0.4, 0.3, 0.2, 0.1], 4) + 1, 0.8
    yield shuffled(draw, [0.6, 0.2, 0.1, 0.07, 0.03]), 0.4
    yield draw.normal(3, 11), 0.9
    yield draw.normal(5, 5), 0.5
    yield 3 * draw.normal(2, 3, 7), 0.95
    yield draw.normal(2, 1), 0.3
    yield draw.whole(3, 6, 8).to(torch.float64), 0.6
    yield draw.normal(4, 6), 0.1


def edges(draw):
    yield draw.normal(3, 5), 1.0
    yield torch.tensor([[0.0, -50.0, -60.0], [-70.0, 0.0, 1.0]]).double(), 1.0
    yield torch.zeros(2, 7, dtype=torch.float64), 0.4
    yield torch.zeros(1, 2, dtype=torch.float64), 0.5
    yield 1e4 * draw.normal(2, 5), 0.9
    yield draw.normal(2, 5) + 1e4, 0.6
    yield draw.normal(3, 5), 1e-9
    barred = torch.tensor([[0, 1, 0, 1, 0], [1, 1, 1, 0, 1]]).bool()
    yield draw.normal(2, 5).masked_fill(barred, -torch.inf), 0.8
    yield torch.zeros(0, 3, dtype=torch.float64), 0.5


def reaches(top_p, draw):
    logits = draw.normal(8, 9)
    stays = top_p(logits, 0.7) > -torch.inf
    share = logits.softmax(-1)
    total = torch.where(stays, share, 0.0).sum(-1)
    smallest = torch.where(stays, share, 1.0).amin(-1)
    return bool((total >= 0.7).all() and (total - smallest < 0.7).all())


def order(top_p, draw):
    logits = draw.normal(4, 6)
    places = draw.uniform(6).argsort()
    moved = top_p(logits[:, places], 0.6)
    return torch.equal(moved, top_p(logits, 0.6)[:, places])


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"reaches": reaches, "order": order},
    forbid=("transformers.generation",),
)
