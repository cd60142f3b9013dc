import torch

from pfs.homework.battery import Battery


def oracle(start, end, paragraph, longest):
    rows = zip(start.tolist(), end.tolist(), paragraph.tolist(), strict=True)
    found = []
    for begins, ends, inside in rows:
        places = [place for place, there in enumerate(inside) if there]
        legal = [(i, j) for i in places for j in places if 0 <= j - i < longest]
        found.append(max(legal, key=lambda ij: begins[ij[0]] + ends[ij[1]]))
    both = torch.tensor(found, dtype=torch.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def inside(time, *stretches):
    """Return where the paragraphs stand, from a first place to a last one."""
    places = torch.arange(time)
    rows = [(places >= i) & (places <= j) for i, j in stretches]
    return torch.stack(rows)


def case(draw, time, longest, *stretches, scale=3.0, shift=0.0):
    size = len(stretches), time
    start, end = (scale * draw.normal(*size) + shift for _ in range(2))
    return start, end, inside(time, *stretches), longest


def cases(draw):
    start, end = torch.tensor([[[0, 5, 4.9]], [[5, 0, 4.8]]]).double()
    yield start, end, inside(3, (0, 2)), 3
    yield case(draw, 5, 2, (1, 4), (0, 3), (2, 4))
    yield case(draw, 11, 3, *[(4, 9)] * 7)
    yield case(draw, 9, 4, *[(3, 5)] * 16)
    yield case(draw, 8, 8, *[(3, 6), (2, 7)] * 4)
    yield case(draw, 7, 1, *[(1, 5)] * 7)
    yield case(draw, 13, 4, *[(0, 12)] * 8)
    yield case(draw, 6, 4, *[(2, 4), (1, 5)] * 4, shift=-20.0)
    yield case(draw, 1, 1, (0, 0))


def edges(draw):
    yield case(draw, 4, 100, (1, 3), (0, 2), (2, 2))
    start, end, paragraph, _ = case(draw, 6, 3, (2, 4), (1, 5), (3, 5), (2, 3))
    rubbish = torch.where(paragraph, 0.0, torch.nan)
    yield start + rubbish, end + rubbish, paragraph, 3
    yield start - 1e6, end - 1e6, paragraph, 2
    yield start[:0], end[:0], paragraph[:0], 2


def legal(spans, draw):
    start, end, paragraph, longest = case(draw, 12, 3, *[(3, 10)] * 9)
    i, j = spans(start, end, paragraph, longest)
    return bool(((i >= 3) & (i <= j) & (j <= 10) & (j - i < 3)).all())


def shifted(spans, draw):
    start, end, paragraph, longest = case(draw, 9, 4, *[(2, 8)] * 6)
    want = spans(start, end, paragraph, longest)
    got = spans(start + 7, end - 3, paragraph, longest)
    return all(torch.equal(a, b) for a, b in zip(got, want, strict=True))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"legal": legal, "shifted": shifted},
    gradient=(),
    dtypes=(),
    forbid=("pfs.words", "transformers.pipelines"),
)
