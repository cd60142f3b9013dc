import torch
from torch import nn

from pfs.homework.battery import Battery


def size(module):
    return sum(p.numel() for p in module.parameters())


def by_building(vocab, positions, width, layers, norm_first):
    with torch.device("meta"):
        tables = size(nn.Embedding(vocab, width))
        tables += size(nn.Embedding(positions, width))
        layer = size(nn.TransformerEncoderLayer(width, 1, 4 * width))
        last = size(nn.LayerNorm(width)) if norm_first else 0
    return tables + layers * layer + last


def cases(draw):
    yield 50_257, 1024, 768, 12, True
    yield 40_478, 512, 768, 12, False
    yield 1, 1, 1, 1, True
    yield 1, 1, 1, 1, False
    yield 5, 5, 5, 5, True
    for _ in range(20):
        vocab, positions, width, layers = (1 + draw.whole(11, 4)).tolist()
        yield vocab, positions, width, layers, bool(draw.truth())


def edges(draw):
    yield 50_257, 2048, 12_288, 96, True
    yield 50_257, 1024, 1600, 48, True


def whole(count, draw):
    return type(count(50_257, 1024, 768, 12, True)) is int


def known(count, draw):
    small = count(50_257, 1024, 768, 12, True)
    first = count(40_478, 512, 768, 12, False)
    return (small, first) == (124_439_808, 116_534_784)


CHECK = Battery(
    cases,
    oracle=by_building,
    edges=edges,
    invariants={"whole": whole, "known": known},
    forbid=("pfs.language", "torch.nn.modules"),
)
