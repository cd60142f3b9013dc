"""The figures of the note on BERT."""

import itertools
from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "layer 1": {"ko": "계층 1", "zh": "第1层"},
    "layer 2": {"ko": "계층 2", "zh": "第2层"},
    "input": {"ko": "입력", "zh": "输入"},
    "what place 2 must guess": {
        "ko": "자리 2가 맞혀야 하는 것",
        "zh": "位置2要猜的内容",
    },
    "forbidden": {"ko": "금지된 길", "zh": "禁止的路"},
    "the way around": {"ko": "돌아가는 길", "zh": "绕行的路"},
    "100 places": {"ko": "자리 100개", "zh": "100个位置"},
    "15 are chosen": {"ko": "15개를 고름", "zh": "选出15个"},
    "85 are left alone": {"ko": "85개는 그대로", "zh": "85个保持原样"},
    "no loss": {"ko": "손실 없음", "zh": "不计损失"},
    "a random word": {"ko": "무작위 단어", "zh": "随机词"},
    "as it was": {"ko": "원래 단어", "zh": "原词"},
    "the loss asks for the original word": {
        "ko": "손실은 원래 단어를 묻습니다",
        "zh": "损失询问的都是原词",
    },
    "tokens": {"ko": "토큰", "zh": "词元"},
    "segments": {"ko": "세그먼트", "zh": "段"},
    "positions": {"ko": "위치", "zh": "位置"},
    "norm, dropout, encoder": {
        "ko": "정규화, 드롭아웃, 인코더",
        "zh": "规范化、暂退法、编码器",
    },
    "end": {"ko": "끝", "zh": "终点"},
    "start": {"ko": "시작", "zh": "起点"},
    "ends before it starts": {
        "ko": "시작보다 먼저 끝남",
        "zh": "终点在起点之前",
    },
    "each for itself": {"ko": "따로따로", "zh": "各选各的"},
    "swapped": {"ko": "맞바꿈", "zh": "对调之后"},
    "the best legal pair": {"ko": "허용되는 최선의 쌍", "zh": "最佳合法组合"},
}
"""Every word in the drawings: English to Korean and Chinese."""


def cheat(t: Translate) -> str:
    """Two honest layers, and the way around through the neighbour."""
    d = Drawing(360, 258, "cheat")
    xs, ys = (110, 205, 300), (206, 130, 54)
    for y, word in zip(ys, ("input", "layer 1", "layer 2"), strict=True):
        d.text(10, y, t(word), anchor="start", size=12, muted=True)
    for k, (low, high) in enumerate(itertools.pairwise(ys)):
        for i, left in enumerate(xs):
            for j, right in enumerate(xs):
                if i == j:
                    continue
                special = (k, i, j) in {(0, 1, 0), (1, 0, 1)}
                d.arrow(
                    [(left, low - 17), (right, high + 18)],
                    n=5 if special else 0,
                    width=2.5 if special else 1,
                    muted=not special,
                )
    for low, high in ((ys[0], ys[1]), (ys[1], ys[2])):
        d.path(
            f"M{xs[1]} {low - 17} L{xs[1]} {high + 18}", dashed=True, width=1
        )
        mid = (low + high) / 2
        d.text(xs[1] + 9, mid, "×", size=15, bold=True)
    for row, y in enumerate(ys):
        for i, x in enumerate(xs, 1):
            hot = i == 2 and row in (0, 2)
            d.dot(x, y, 16, n=5 if hot else 0, fill=0.15 if hot else 0.06)
            letter = math("x", str(i)) if row == 0 else math("h", str(i))
            d.text(x, y, letter, raw=True)
    d.text(xs[1], 24, t("what place 2 must guess"), size=12, n=5)
    d.path("M20 243 L48 243", dashed=True)
    d.text(56, 243, t("forbidden"), anchor="start", size=12)
    d.arrow([(170, 243), (200, 243)], n=5, width=2.5)
    d.text(208, 243, t("the way around"), anchor="start", size=12)
    return d.svg()


def masking(t: Translate) -> str:
    """What becomes of a hundred places."""
    d = Drawing(360, 262, "masking")
    d.box(180, 22, 130, 30, fill=0.08)
    d.text(180, 22, t("100 places"))
    d.arrow([(150, 37), (96, 66)])
    d.arrow([(210, 37), (276, 66)], muted=True)
    d.box(92, 82, 130, 30, n=1, fill=0.15)
    d.text(92, 82, t("15 are chosen"))
    d.box(278, 82, 140, 30, dashed=True)
    d.text(278, 82, t("85 are left alone"), size=12)
    d.text(278, 108, t("no loss"), size=12, muted=True)
    parts = ((62, "12", 2), (180, "1.5", 3), (298, "1.5", 4))
    for x, number, n in parts:
        d.arrow([(92, 97), (x, 137)], n=n)
        d.box(x, 166, 108, 56, n=n, fill=0.12)
        d.text(x, 154, number, bold=True, n=n)
    d.text(62, 177, "[MASK]", mono=True, size=12)
    d.text(180, 177, t("a random word"), size=12)
    d.text(298, 177, t("as it was"), size=12)
    for x, _, n in parts:
        d.arrow([(x, 195), (180 + (x - 180) * 0.5, 226)], n=n)
    d.box(180, 241, 290, 28, n=1, fill=0.15)
    d.text(180, 241, t("the loss asks for the original word"), size=12)
    return d.svg()


def input(t: Translate) -> str:
    """A token, a segment and a position at every place, added up."""
    d = Drawing(360, 236, "input")
    words = ("[CLS]", "the", "clock", "[SEP]", "it", "struck", "[SEP]")
    segments = "AAAABBB"
    xs = [30 + 50 * k for k in range(7)]
    for k, (x, word) in enumerate(zip(xs, words, strict=True)):
        mark = word.startswith("[")
        d.text(x, 14, word, size=11, mono=True, muted=mark)
        d.box(x, 60, 44, 26, n=1, fill=0.14)
        d.text(x, 60, math("t", str(k)), raw=True)
        n = 2 if segments[k] == "A" else 3
        d.box(x, 118, 44, 26, n=n, fill=0.14)
        d.text(x, 118, segments[k], n=n, bold=True)
        d.box(x, 176, 44, 26, n=4, fill=0.14)
        d.text(x, 176, str(k), n=4, bold=True)
        d.text(x, 82, "+", size=12, muted=True)
        d.text(x, 140, "+", size=12, muted=True)
        d.arrow([(x, 190), (x, 208)], muted=True)
    for y, word in ((38, "tokens"), (96, "segments"), (154, "positions")):
        d.text(180, y, t(word), size=11, muted=True)
    d.box(180, 222, 344, 24, fill=0.08)
    d.text(180, 222, t("norm, dropout, encoder"), size=12)
    return d.svg()


def spans(t: Translate) -> str:
    """Starts by ends: only the half with the end behind the start counts."""
    d = Drawing(360, 286, "spans")
    start, end = (0.0, 5.0, 4.9), (5.0, 0.0, 4.8)
    left, top, step = 140, 84, 56
    d.text(left + step, 14, t("end"), bold=True, size=12)
    d.text(36, top + step, t("start"), bold=True, size=12)
    for k in range(3):
        at = left + step * k
        d.text(at, 34, str(k), size=12, bold=True)
        d.text(at, 52, f"{end[k]:g}", size=12, n=2)
        y = top + step * k
        d.text(72, y, str(k), size=12, bold=True)
        d.text(100, y, f"{start[k]:g}", size=12, n=1)
    kinds = {(1, 0): 5, (0, 1): 6, (1, 2): 3}
    for i in range(3):
        for j in range(3):
            x, y = left + step * j, top + step * i
            n = kinds.get((i, j), 0)
            d.box(x, y, 48, 46, n=n, fill=0.2 if n else 0.04)
            if j < i:
                d.path(f"M{x - 20} {y + 19} L{x + 20} {y - 19}", muted=True)
            d.text(x, y, f"{start[i] + end[j]:.1f}", bold=bool(n), n=n)
    rows = ((238, 5, "each for itself"), (256, 6, "swapped"))
    for y, n, word in (*rows, (274, 3, "the best legal pair")):
        d.box(56, y, 14, 12, n=n, fill=0.2, round=3)
        d.text(72, y, t(word), anchor="start", size=12)
    d.path("M204 256 L222 244", muted=True)
    d.text(230, 250, t("ends before it starts"), anchor="start", size=11)
    return d.svg()


FIGURES = (cheat, masking, input, spans)
