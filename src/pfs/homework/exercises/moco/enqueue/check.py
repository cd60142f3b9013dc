import torch

from pfs.homework.battery import Battery


def oracle(queue, pointer, keys):
    rows = list(queue)
    for key in keys:
        rows[pointer] = key
        pointer = (pointer + 1) % len(rows)
    return torch.stack(rows), pointer


def case(draw, size, pointer, batch, embedding):
    return draw.normal(size, embedding), pointer, draw.normal(batch, embedding)


def cases(draw):
    yield case(draw, 6, 2, 2, 3)
    yield case(draw, 1, 0, 1, 1)
    yield case(draw, 4, 2, 4, 4)
    yield case(draw, 7, 5, 3, 2)
    yield case(draw, 8, 6, 2, 5)
    yield case(draw, 5, 0, 3, 2)


def edges(draw):
    yield case(draw, 6, 5, 0, 3)
    yield case(draw, 6, 1, 6, 3)
    yield case(draw, 11, 10, 9, 1)


def newest(enqueue, draw):
    queue, pointer, _ = case(draw, 6, 4, 2, 3)
    keys = draw.normal(6, 3)
    for part in keys.chunk(3):
        queue, pointer = enqueue(queue, pointer, part)
    return pointer == 4 and torch.equal(queue.roll(-4, 0), keys)


def steps(enqueue, draw):
    queue, pointer, keys = case(draw, 7, 5, 5, 2)
    once, end = enqueue(queue, pointer, keys)
    for part in (keys[:2], keys[2:]):
        queue, pointer = enqueue(queue, pointer, part)
    return pointer == end and torch.equal(queue, once)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"newest": newest, "steps": steps},
    gradient=(),
    forbid=("pfs.contrastive",),
)
