import torch

from pfs.homework.battery import Battery

MARKS = (101, 102, 0)


def oracle(first, following, other, random, marks, length):
    start, separator, padding = marks
    a, b = first.tolist(), (other if random else following).tolist()
    places = [(start, 0)] + [(id, 0) for id in a] + [(separator, 0)]
    places += [(id, 1) for id in b] + [(separator, 1)]
    real = len(places)
    places += [(padding, 0)] * (length - real)
    ids, types = torch.tensor(places).T
    empty = torch.tensor([place >= real for place in range(length)])
    return ids, types, empty, torch.tensor(1 if random else 0)


def case(draw, sizes, random, marks, length):
    texts = [draw.whole(90, size, low=10) for size in sizes]
    return *texts, random, marks, length


def cases(draw):
    yield (
        torch.tensor([7, 8]),
        torch.tensor([9, 5, 6]),
        torch.tensor([4]),
        False,
        (1, 2, 0),
        10,
    )
    yield case(draw, (3, 2, 4), True, (1, 2, 3), 12)
    yield case(draw, (1, 1, 1), False, MARKS, 6)
    yield case(draw, (5, 5, 5), True, MARKS, 13)
    yield case(draw, (7, 1, 3), False, MARKS, 13)
    yield case(draw, (2, 11, 1), True, (3, 4, 5), 23)
    yield case(draw, (4, 6, 4), False, (102, 101, 103), 17)
    yield case(draw, (3, 3, 2), False, MARKS, 9)


def edges(draw):
    yield case(draw, (1, 3, 1), True, MARKS, 7)
    yield case(draw, (200, 300, 2), False, MARKS, 512)
    yield case(draw, (2, 2, 0), True, MARKS, 8)
    yield case(draw, (0, 2, 3), False, MARKS, 8)


def unused(next_sentence, draw):
    a, b, c, _, marks, length = case(draw, (3, 4, 5), True, MARKS, 16)
    d = draw.whole(90, 6, low=10)
    pairs = (
        (next_sentence(a, b, c, False, marks, length), (a, b, d, False)),
        (next_sentence(a, b, c, True, marks, length), (a, d, c, True)),
    )
    for one, arguments in pairs:
        two = next_sentence(*arguments, marks, length)
        if not all(torch.equal(x, y) for x, y in zip(one, two, strict=True)):
            return False
    return True


def longer(next_sentence, draw):
    *given, _ = case(draw, (3, 4, 5), False, MARKS, 10)
    short, long = next_sentence(*given, 10), next_sentence(*given, 15)
    return all(
        torch.equal(a, b[:10]) for a, b in zip(short[:3], long[:3], strict=True)
    )


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"unused": unused, "longer": longer},
    gradient=(),
    dtypes=(),
    forbid=("pfs.words",),
)
