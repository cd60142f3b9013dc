import torch
from torch import nn

from pfs.homework.battery import Battery


def size(module):
    return sum(p.numel() for p in module.parameters())


def by_building(vocab, positions, segments, width, inner, layers, pooler):
    with torch.device("meta"):
        rows = (vocab, positions, segments)
        first = sum(size(nn.Embedding(n, width)) for n in rows)
        first += size(nn.LayerNorm(width))
        layer = size(nn.TransformerEncoderLayer(width, 1, inner))
        last = size(nn.Linear(width, width)) if pooler else 0
    return first + layers * layer + last


def cases(draw):
    yield 30_522, 512, 2, 768, 3072, 12, True
    yield 30_522, 512, 2, 768, 3072, 12, False
    yield 1, 1, 1, 1, 1, 1, True
    yield 1, 1, 1, 1, 1, 1, False
    yield 5, 5, 5, 5, 5, 5, True
    yield 7, 3, 2, 4, 11, 2, False
    for _ in range(20):
        sizes = (1 + draw.whole(11, 6)).tolist()
        yield *sizes, bool(draw.truth())


def edges(draw):
    yield 30_522, 512, 2, 1024, 4096, 24, True
    yield 119_547, 512, 2, 768, 3072, 12, True
    yield 30_522, 512, 2, 128, 512, 2, True


def whole(count, draw):
    return type(count(30_522, 512, 2, 768, 3072, 12, True)) is int


def known(count, draw):
    base = count(30_522, 512, 2, 768, 3072, 12, True)
    large = count(30_522, 512, 2, 1024, 4096, 24, True)
    return (base, large) == (109_482_240, 335_141_888)


CHECK = Battery(
    cases,
    oracle=by_building,
    edges=edges,
    invariants={"whole": whole, "known": known},
    forbid=("pfs.words", "torch.nn.modules"),
)
