import torch
from torch import nn

from pfs.homework.battery import Battery


def layer(channels, output, size):
    return [
        nn.Conv2d(channels, output, size, bias=False),
        nn.BatchNorm2d(output),
    ]


def by_building(depths, wide, classes):
    with torch.device("meta"):
        parts, known = layer(3, 64, 7), 64
        for stage, blocks in enumerate(depths):
            width = 64 * 2**stage
            output = width * (4 if wide else 1)
            for _ in range(blocks):
                if wide:
                    parts += layer(known, width, 1) + layer(width, width, 3)
                    parts += layer(width, output, 1)
                else:
                    parts += layer(known, width, 3) + layer(width, width, 3)
                if known != output:
                    parts += layer(known, output, 1)
                known = output
        parts.append(nn.Linear(known, classes))
    return sum(p.numel() for part in parts for p in part.parameters())


def cases(draw):
    yield (2, 2, 2, 2), False, 1000
    yield (3, 4, 6, 3), True, 1000
    yield (1,), False, 1
    yield (1,), True, 1
    yield (1, 1), True, 7
    yield (3, 3, 3), False, 10
    for _ in range(12):
        stages = 1 + int(draw.whole(4))
        depths = tuple((1 + draw.whole(5, stages)).tolist())
        yield depths, bool(draw.truth()), 1 + int(draw.whole(100))


def edges(draw):
    yield (3, 8, 36, 3), True, 1000
    yield (3, 4, 23, 3), True, 21_841


def whole(count, draw):
    return type(count((2, 2, 2, 2), False, 10)) is int


def published(count, draw):
    return count((3, 4, 6, 3), True, 1000) == 25_557_032


CHECK = Battery(
    cases,
    oracle=by_building,
    edges=edges,
    invariants={"whole": whole, "published": published},
    forbid=("torch.nn.modules.conv", "pfs.vision"),
)
