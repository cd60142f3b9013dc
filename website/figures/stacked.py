"""The figures of the note on stacked recurrent networks."""

import itertools
from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "input": {"ko": "입력", "zh": "输入"},
    "layer 1": {"ko": "계층 1", "zh": "第1层"},
    "layer 2": {"ko": "계층 2", "zh": "第2层"},
    "layer 3": {"ko": "계층 3", "zh": "第3层"},
    "output": {"ko": "출력", "zh": "输出"},
    "up, at the same step": {
        "ko": "위로, 같은 시점에",
        "zh": "向上，在同一时间步",
    },
    "on, to the next step": {
        "ko": "옆으로, 다음 시점으로",
        "zh": "向后，到下一时间步",
    },
    "past the layers": {
        "ko": "계층을 건너뛰어",
        "zh": "越过各层",
    },
    "dropped anew at every step": {
        "ko": "시점마다 새로 드롭아웃",
        "zh": "每一步重新丢弃",
    },
    "never dropped": {"ko": "드롭아웃 없음", "zh": "从不丢弃"},
    "one way from the first input to the last output": {
        "ko": "첫 입력에서 마지막 출력까지 가는 길 하나",
        "zh": "从第一个输入到最后一个输出的一条路",
    },
    "stack: one step": {"ko": "다층: 한 시점", "zh": "多层：一个时间步"},
    "wide layer: one step": {
        "ko": "넓은 계층 하나: 한 시점",
        "zh": "宽的一层：一个时间步",
    },
    "h of layer 1": {"ko": "계층 1의 h", "zh": "第1层的h"},
    "h of layer 2": {"ko": "계층 2의 h", "zh": "第2层的h"},
    "one step late": {"ko": "한 시점 늦게", "zh": "晚一步"},
    "its matrix": {"ko": "그 행렬", "zh": "它的矩阵"},
    "time step": {"ko": "시점", "zh": "时间步"},
    "what has the same number can be computed together": {
        "ko": "번호가 같은 것은 함께 계산할 수 있습니다",
        "zh": "编号相同的可以一起计算",
    },
}
"""Every word in the drawings: English to Korean and Chinese."""

UP, ON, PAST, OUT = 2, 1, 4, 5


def legend(
    d: Drawing, t: Translate, rows: tuple[tuple[int, str, bool], ...], y: float
) -> None:
    """Say what the arrows mean, one line each."""
    for k, (n, words, dashed) in enumerate(rows):
        here = y + 18 * k
        d.arrow([(70, here), (98, here)], n=n, dashed=dashed)
        d.text(108, here, t(words), anchor="start", size=12)


def network(t: Translate) -> str:
    """Graves's figure 1: three layers, three steps, two kinds of shortcuts."""
    d = Drawing(360, 388, "network")
    xs, bottom, top = (108, 204, 300), 290, 28
    rows = (228, 160, 92)
    for y, word in zip((bottom, *rows, top), NAMES, strict=True):
        d.text(6, y, t(word), anchor="start", size=12, muted=True)
    for x, step in zip(xs, STEPS, strict=True):
        for y in rows[1:]:
            d.path(
                f"M{x + 12} {bottom - 10} C{x + 40} {bottom - 40} "
                f"{x + 40} {y + 40} {x + 20} {y + 12}",
                n=PAST,
                head=True,
                dashed=True,
            )
        for y in rows[:-1]:
            d.path(
                f"M{x - 20} {y - 12} C{x - 40} {y - 40} "
                f"{x - 40} {top + 40} {x - 13} {top + 10}",
                n=PAST,
                head=True,
                dashed=True,
            )
        for below, above in itertools.pairwise((bottom, *rows, top)):
            d.arrow([(x, below - 16), (x, above + 17)], n=UP)
        d.dot(x, bottom, 15)
        d.text(x, bottom, math("x", step), raw=True)
        d.dot(x, top, 15)
        d.text(x, top, math("ŷ", step), raw=True)
        for y in rows:
            d.box(x, y, 40, 32, fill=0.08)
            d.text(x, y, math("h", step), raw=True)
    for left, right in itertools.pairwise(xs):
        for y in rows:
            d.arrow([(left + 20, y), (right - 21, y)], n=ON)
    legend(
        d,
        t,
        (
            (UP, "up, at the same step", False),
            (ON, "on, to the next step", False),
            (PAST, "past the layers", True),
        ),
        332,
    )
    return d.svg()


NAMES = ("input", "layer 1", "layer 2", "layer 3", "output")
STEPS = ("t−1", "t", "t+1")


def dropout(t: Translate) -> str:
    """Where dropout acts, and how often one path meets it."""
    d = Drawing(360, 312, "dropout")
    xs, rows, bottom, top = (96, 168, 240, 312), (176, 108), 236, 40
    for y, word in zip(
        (bottom, *rows, top),
        ("input", "layer 1", "layer 2", "output"),
        strict=True,
    ):
        d.text(6, y, t(word), anchor="start", size=12, muted=True)
    levels = (bottom, *rows, top)
    low, high = rows
    up = ((0, bottom, low), (2, low, high), (3, high, top))
    for i, below, above in up:
        d.path(f"M{xs[i]} {below - 18} L{xs[i]} {above + 18}", n=3, width=8)
    for i, y in ((0, low), (1, low), (2, high)):
        d.path(f"M{xs[i] + 22} {y} L{xs[i + 1] - 22} {y}", n=3, width=8)
    for x in xs:
        for k, (below, above) in enumerate(itertools.pairwise(levels)):
            ends = [(x, below - 15), (x, above + 16)]
            d.arrow(ends, n=UP if k == 1 else 0, dashed=k == 1)
    for left, right in itertools.pairwise(xs):
        for y in rows:
            d.arrow([(left + 19, y), (right - 20, y)], n=ON)
    for i, x in enumerate(xs, 1):
        for y in (bottom, top):
            d.dot(x, y, 14)
        d.text(x, bottom, math("x", str(i)), raw=True)
        d.text(x, top, math("ŷ", str(i)), raw=True)
        for y in rows:
            d.box(x, y, 38, 30, fill=0.08)
            d.text(x, y, math("h", str(i)), raw=True)
    d.arrow([(40, 268), (68, 268)], n=UP, dashed=True)
    d.text(78, 268, t("dropped anew at every step"), anchor="start", size=12)
    d.arrow([(40, 285), (68, 285)], n=ON)
    d.text(78, 285, t("never dropped"), anchor="start", size=12)
    d.path("M40 302 L68 302", n=3, width=8)
    words = "one way from the first input to the last output"
    d.text(78, 302, t(words), anchor="start", size=12)
    return d.svg()


def wide(t: Translate) -> str:
    """A wide layer with a block matrix is a stack that answers late."""
    d = Drawing(360, 262, "wide")
    d.text(84, 14, t("stack: one step"), bold=True)
    d.text(262, 14, t("wide layer: one step"), bold=True)
    for left, stack in ((84, True), (262, False)):
        d.dot(left, 228, 14)
        d.text(left, 228, math("x", "t"), raw=True)
        for y, layer in ((172, "1"), (88, "2")):
            d.box(left + 34, y, 44, 32, fill=0.08)
            d.box(left - 46, y, 44, 32, dashed=True)
            late = layer == "2" and not stack
            now, before = ("t−1", "t−2") if late else ("t", "t−1")
            d.text(left + 34, y, math("h", now), raw=True)
            d.text(left - 46, y, math("h", before), raw=True)
            d.arrow([(left - 23, y), (left + 11, y)], n=ON)
        d.arrow([(left + 6, 215), (left + 30, 189)], n=UP)
        if stack:
            d.arrow([(left + 34, 155), (left + 34, 106)], n=UP)
        else:
            d.arrow([(left - 34, 155), (left + 20, 106)], n=UP)
    d.text(60, 54, t("h of layer 2"), size=12, muted=True)
    d.text(60, 138, t("h of layer 1"), size=12, muted=True)
    d.text(262, 52, t("one step late"), size=12, n=UP)
    d.path("M173 30 L173 246", muted=True, dashed=True)
    return d.svg()


def blocks(t: Translate) -> str:
    """The matrix of the wide layer, in blocks."""
    d = Drawing(360, 168, "blocks")
    d.text(180, 14, t("its matrix"), bold=True)
    for x, y, words, n in (
        (152, 62, math("U", "1", bold=True), ON),
        (212, 62, "0", 0),
        (152, 122, math("W", "2", bold=True), UP),
        (212, 122, math("U", "2", bold=True), ON),
    ):
        d.box(x, y, 58, 58, n=n, fill=0.15 if n else 0.0, round=3, dashed=not n)
        d.text(x, y, words, raw=True, n=n, size=15)
    d.text(114, 62, t("h of layer 1"), size=12, anchor="end", muted=True)
    d.text(114, 122, t("h of layer 2"), size=12, anchor="end", muted=True)
    return d.svg()


def wavefront(t: Translate) -> str:
    """Which states can be computed at the same time."""
    d = Drawing(360, 206, "wavefront")
    xs, rows = (100, 152, 204, 256, 308), (138, 90, 42)
    for layer, y in enumerate(rows, 1):
        word = f"layer {layer}"
        d.text(6, y, t(word), anchor="start", size=12, muted=True)
        for step, x in enumerate(xs, 1):
            number = layer + step - 1
            d.box(x, y, 34, 28, n=(number - 1) % 6 + 1, fill=0.22)
            d.text(x, y, str(number), bold=True)
            if step < len(xs):
                d.arrow([(x + 17, y), (x + 34, y)], muted=True)
            if layer < len(rows):
                d.arrow([(x, y - 14), (x, y - 33)], muted=True)
    for step, x in enumerate(xs, 1):
        d.text(x, 166, str(step), size=12, muted=True)
    d.text(6, 166, t("time step"), anchor="start", size=12, muted=True)
    words = "what has the same number can be computed together"
    d.text(180, 194, t(words), size=12)
    return d.svg()


FIGURES = (network, dropout, wide, blocks, wavefront)
