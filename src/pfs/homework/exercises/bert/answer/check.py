import torch

from pfs.homework.battery import Battery


def oracle(text, places, windows, longest):
    owner = {}
    for token in range(len(places)):
        seen = []
        for number, (first, start, _) in enumerate(windows):
            left, right = token - first, first + len(start) - 1 - token
            if left >= 0 and right >= 0:
                seen.append((-min(left, right), -len(start), number))
        owner[token] = sorted(seen)[0][2]
    legal = {}
    for number, (first, start, end) in enumerate(windows):
        for i in range(len(start)):
            for j in range(i, len(start)):
                if owner[first + i] == number and j < i + longest:
                    score = start[i].item() + end[j].item()
                    legal[score] = first + i, first + j
    i, j = legal[max(legal)]
    return text[places[i][0] : places[j][1]]


LETTERS = "AbcdEfghijklMnopqrstuvWxyz책세권을산서울事件發生在北京"
GAPS = ("", " ", " ", "  ", "\n", " , ", "")


def told(draw, count):
    """Return a text, and where its tokens begin and have ended."""
    text, places = GAPS[int(draw.whole(len(GAPS)))], []
    for _ in range(count):
        size = int(draw.whole(4, low=1))
        word = "".join(LETTERS[i] for i in draw.whole(len(LETTERS), size))
        places.append((len(text), len(text) + size))
        text += word + GAPS[int(draw.whole(len(GAPS)))]
    return text + ".", places


def case(draw, count, spans, longest, shift=0.0):
    """Cut windows; where they overlap, they disagree."""
    windows = []
    for first, last in spans:
        start, end = 3 * draw.normal(2, last - first + 1) + shift
        windows.append((first, start, end))
    return *told(draw, count), windows, longest


def slid(count, size, stride):
    spans = []
    for first in range(0, count, stride):
        spans.append((first, min(first + size, count) - 1))
        if first + size >= count:
            break
    return spans


def cases(draw):
    text, places = "Mina took the  book.", [(0, 4), (5, 9), (10, 13), (15, 19)]
    start, end = torch.tensor([[1.0, 2, 0], [0, 1, 3]]).double()
    windows = [(0, start, end), (1, start - 1, end - 2)]
    yield text, places, windows, 2
    yield case(draw, 6, [(0, 5)], 3)
    yield case(draw, 1, [(0, 0)], 1)
    for _ in range(6):
        yield case(draw, 9, [(0, 4), (2, 8)], 2)
        yield case(draw, 9, [(0, 6), (4, 8)], 2)
    for _ in range(12):
        yield case(draw, 9, slid(9, 5, 2), 3)
        yield case(draw, 11, slid(11, 5, 3), 4)
        yield case(draw, 13, slid(13, 8, 4), 2)
        yield case(draw, 7, [(0, 3), (2, 6), (3, 5)], 7)
        yield case(draw, 8, slid(8, 4, 4), 2)
        yield case(draw, 10, slid(10, 4, 1), 3, shift=-30.0)


def edges(draw):
    yield case(draw, 5, [(0, 4)], 100)
    yield case(draw, 6, [(0, 5), (1, 3)], 3)
    yield case(draw, 8, slid(8, 5, 3), 3, shift=-1e6)
    yield case(draw, 5, slid(5, 1, 1), 3)
    yield case(draw, 5, [(0, 4), (0, 4)], 2)


def piece(answer, draw):
    text, places, windows, longest = case(draw, 12, slid(12, 6, 3), 4)
    begins, ends = zip(*places, strict=True)
    said = answer(text, places, windows, longest)
    return any(
        text[i:j] == said
        for n, i in enumerate(begins)
        for j in ends[n : n + longest]
    )


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"piece": piece},
    gradient=(),
    dtypes=(),
    meta=False,
    forbid=("pfs.words", "transformers.pipelines"),
)
