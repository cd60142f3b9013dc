import numpy
import torch

from pfs.homework.battery import Battery


def truth(ids, padding):
    batch, time = ids.shape
    mask = numpy.empty((batch, 1, 1, time), dtype=bool)
    for row in range(batch):
        for place in range(time):
            mask[row, 0, 0, place] = int(ids[row, place]) != padding
    return torch.from_numpy(mask)


def padded(draw, batch, time, padding, left=False):
    ids = draw.whole(30, batch, time, low=1) + padding
    ids = torch.where(draw.truth(batch, time), ids, 2 * padding - ids)
    lengths = draw.whole(time + 1, batch, 1)
    places = torch.arange(time)
    places = places.flip(0) if left else places
    return torch.where(places < lengths, ids, padding)


def cases(draw):
    yield torch.tensor([[5, 7, 4, 0], [6, 0, 0, 0]]), 0
    yield padded(draw, 3, 7, 2), 2
    yield padded(draw, 5, 3, 1, left=True), 1
    yield padded(draw, 4, 4, 50), 50
    yield padded(draw, 1, 1, 3), 3
    yield padded(draw, 2, 5, -100), -100
    yield draw.whole(3, 3, 11), 1


def edges(draw):
    yield torch.full((2, 3), 9), 9
    yield torch.full((2, 3), 8), 9
    yield draw.whole(5, 0, 4), 0
    yield draw.whole(5, 2, 3, low=0).int(), 0
    yield torch.tensor([[2**40, 7]]), 2**40


def longer(padding_mask, draw):
    ids = padded(draw, 3, 5, 2)
    more = torch.full((3, 4), 2)
    short = padding_mask(ids, 2)
    long = padding_mask(torch.cat([ids, more], 1), 2)
    return torch.equal(long[..., :5], short) and not bool(long[..., 5:].any())


def broadcasts(padding_mask, draw):
    ids = padded(draw, 3, 5, 2)
    seen = padding_mask(ids, 2).expand(3, 4, 7, 5)
    return torch.equal(
        seen, (ids != 2).repeat_interleave(28, 0).view(3, 4, 7, 5)
    )


CHECK = Battery(
    cases,
    oracle=truth,
    edges=edges,
    invariants={"longer": longer, "broadcasts": broadcasts},
    gradient=(),
)
