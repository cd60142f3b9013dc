"""The figures of the note on additive attention."""

from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "a fixed vector": {"ko": "고정된 벡터", "zh": "固定的向量"},
    "a search at every step": {
        "ko": "시점마다 탐색",
        "zh": "每一步都搜索",
    },
    "annotations": {"ko": "주석 벡터", "zh": "注解向量"},
    "scores": {"ko": "점수", "zh": "分数"},
    "source": {"ko": "원문", "zh": "源句"},
    "target": {"ko": "목표", "zh": "目标句"},
}
"""Every word in the drawings: English to Korean and Chinese."""

ENCODER, DECODER, SEARCH = 2, 3, 1
PREVIOUS = "i\u22121"


def bottleneck(t: Translate) -> str:
    """Everything through one vector, or a look at every position."""
    d = Drawing(360, 244, "bottleneck")
    xs, low = [30 + 60 * k for k in range(6)], 88
    for k, x in enumerate(xs):
        d.dot(x, low, 13, n=ENCODER if k < 3 else DECODER, fill=0.12)
        if k < 5:
            d.arrow(
                [(x + 14, low), (xs[k + 1] - 15, low)],
                n=SEARCH if k == 2 else 0,
                width=3 if k == 2 else 1.2,
                muted=k != 2,
            )
        d.text(x, low, math("h" if k < 3 else "s", str(k % 3 + 1)), raw=True)
    d.text(180, 48, t("a fixed vector"), n=SEARCH, bold=True)
    d.path("M180 58 L180 78", n=SEARCH)
    d.text(90, 16, t("source"), n=ENCODER, size=12)
    d.text(270, 16, t("target"), n=DECODER, size=12)
    above, below = 160, 222
    asks, reads = (130, 220, 310), (50, 140, 230)
    wide = ((1, 1.5, 6), (1, 6, 1.5), (6, 1.5, 1))
    for k, ask in enumerate(asks):
        for j, read in enumerate(reads):
            x, y = ask - read, below - above
            far = (x * x + y * y) ** 0.5
            x, y = 14 * x / far, 14 * y / far
            d.path(
                f"M{read + x:.1f} {below - y:.1f} "
                f"L{ask - x:.1f} {above + y:.1f}",
                n=SEARCH,
                width=wide[k][j],
            )
    for row, letter, n, y in (
        (asks, "s", DECODER, above),
        (reads, "h", ENCODER, below),
    ):
        for k, x in enumerate(row):
            d.dot(x, y, 13, n=n, fill=0.12)
            d.text(x, y, math(letter, str(k + 1)), raw=True)
            if k < 2:
                d.arrow([(x + 14, y), (x + 75, y)], muted=True, width=1.2)
    d.text(180, 130, t("a search at every step"), n=SEARCH, bold=True)
    return d.svg()


def model(t: Translate) -> str:
    """One step: score, weigh, mix, go on."""
    d = Drawing(360, 326, "model")
    xs, alpha = (40, 112, 184, 256), (0.05, 0.15, 0.7, 0.1)
    top, mix, back, ahead, words = 74, (148, 150), 226, 266, 306
    for k, x in enumerate(xs):
        d.box(x, (back + ahead) / 2, 48, 78, n=ENCODER, dashed=True)
        d.box(x, back, 34, 26, n=ENCODER, fill=0.12)
        d.box(x, ahead, 34, 26, n=ENCODER, fill=0.12)
        d.text(x, words, math("x", str(k + 1)), raw=True)
        d.path(f"M{x} {words - 10} L{x} {ahead + 14}", muted=True)
        far = ((mix[0] - x) ** 2 + 55**2) ** 0.5 / 13
        end = f"{mix[0] - (mix[0] - x) / far:.1f} {mix[1] + 55 / far:.1f}"
        d.path(f"M{x} 205 L{end}", n=SEARCH, width=1 + 7 * alpha[k])
        d.text(
            x + (mix[0] - x) * 0.25 + (-24 if k < 2 else 24),
            205 - 14,
            f"{alpha[k]:g}",
            n=SEARCH,
            size=12,
        )
        if k < 3:
            d.arrow([(x + 18, ahead), (x + 54, ahead)], n=ENCODER, width=1.2)
            d.arrow([(x + 54, back), (x + 18, back)], n=ENCODER, width=1.2)
    d.text(320, 256, t("annotations"), n=ENCODER, size=11)
    d.text(320, 236, math("h", "j"), raw=True, n=ENCODER)
    d.dot(*mix, 11, n=SEARCH, fill=0.3)
    d.text(*mix, "+", bold=True)
    for x, below in ((80, PREVIOUS), (230, "i")):
        d.dot(x, top, 21, n=DECODER, fill=0.12)
        d.text(x, top, math("s", below), raw=True)
    d.arrow([(102, top), (206, top)], n=DECODER)
    d.path(
        f"M80 {top + 22} C80 130 100 {mix[1]} {mix[0] - 14} {mix[1]}",
        n=DECODER,
        dashed=True,
        head=True,
    )
    d.text(64, 128, t("scores"), size=12, n=DECODER, anchor="end")
    d.arrow([(158, mix[1] - 10), (214, top + 17)], n=SEARCH, width=2.5)
    d.text(206, 122, math("c", "i"), raw=True, n=SEARCH)
    d.text(320, top, math("y", PREVIOUS), raw=True)
    d.arrow([(300, top), (253, top)], muted=True)
    d.arrow([(230, top - 22), (230, 32)], n=DECODER)
    d.text(230, 18, math("y", "i"), raw=True)
    return d.svg()


def order(t: Translate) -> str:
    """Which state asks: the one before the step, or the one after it."""
    d = Drawing(360, 150, "order")
    rows = (
        (
            "Bahdanau",
            (("s", PREVIOUS), ("\u03b1", "i"), ("c", "i"), ("s", "i")),
        ),
        (
            "Luong",
            (("s", PREVIOUS), ("s", "i"), ("\u03b1", "i"), ("c", "i")),
        ),
    )
    for row, (name, steps) in enumerate(rows):
        y = 48 + 66 * row
        d.text(8, y - 30, name, anchor="start", bold=True)
        xs = [40 + 74 * k for k in range(4)]
        for x, (letter, below) in zip(xs, steps, strict=True):
            n = DECODER if letter == "s" else SEARCH
            d.dot(x, y, 17, n=n, fill=0.12)
            d.text(x, y, math(letter, below), raw=True)
        for left, right in zip(xs, (*xs[1:], 338), strict=False):
            d.arrow([(left + 18, y), (right - 18, y)], muted=True)
        d.text(336, y, math("y", "i"), raw=True)
    d.path(
        "M114 132 C160 154 290 154 330 126", muted=True, dashed=True, head=True
    )
    return d.svg()


FIGURES = (bottleneck, model, order)
