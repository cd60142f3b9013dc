"""The figures of the note on recurrent networks."""

import itertools
from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "the loop": {"ko": "되먹임", "zh": "循环"},
    "unrolled in time": {"ko": "시간으로 펼친 모습", "zh": "按时间展开"},
    "same colour, same matrix": {
        "ko": "같은 색은 같은 행렬",
        "zh": "同色即同一矩阵",
    },
    "loss": {"ko": "손실", "zh": "损失"},
    "forward": {"ko": "순전파", "zh": "前向传播"},
    "from the loss of this step": {
        "ko": "이 시점의 손실에서",
        "zh": "来自本步的损失",
    },
    "from all later losses": {
        "ko": "뒤의 모든 손실에서",
        "zh": "来自其后的所有损失",
    },
    "window 1": {"ko": "창 1", "zh": "窗口1"},
    "window 2": {"ko": "창 2", "zh": "窗口2"},
    "the value goes on": {"ko": "값은 넘어갑니다", "zh": "值继续传递"},
    "the gradient stops": {
        "ko": "그래디언트는 멈춥니다",
        "zh": "梯度到此为止",
    },
    "shrinks: vanishing": {"ko": "줄어듦: 소실", "zh": "缩小：消失"},
    "keeps its length": {"ko": "길이 유지", "zh": "长度不变"},
    "grows: exploding": {"ko": "커짐: 폭발", "zh": "放大：爆炸"},
    "steps back in time": {
        "ko": "과거로 거슬러 간 시점 수",
        "zh": "向过去回退的步数",
    },
    "predictions, flattened by rows": {
        "ko": "예측: 행 순서로 펼침",
        "zh": "预测：按行展平",
    },
    "targets, flattened by columns": {
        "ko": "정답: 열 순서로 펼침",
        "zh": "目标：按列展平",
    },
    "row = one text": {"ko": "행 = 글 하나", "zh": "一行是一段文本"},
    "time": {"ko": "시간", "zh": "时间"},
}
"""Every word in the drawings: English to Korean and Chinese."""

W, U, OUT = 2, 1, 3  # one colour a matrix, on every figure of the page


def unrolled(t: Translate) -> str:
    """The loop, and the same network with one column a time step."""
    d = Drawing(360, 232, "unrolled")
    d.text(52, 14, t("the loop"), bold=True)
    d.text(242, 14, t("unrolled in time"), bold=True)
    top, mid, low = 52, 116, 180

    def column(x: float, step: str, known: bool = True) -> None:
        d.arrow([(x, low - 15), (x, mid + 16)], n=W)
        d.arrow([(x, mid - 16), (x, top + 16)], n=OUT)
        d.dot(x, low, 15)
        d.box(x, mid, 40, 32, fill=0.08)
        d.dot(x, top, 15)
        d.text(x, low, math("x", step), raw=True)
        d.text(x, mid, math("h", step), raw=True)
        d.text(x, top, math("o", step), raw=True)

    column(52, "t")
    d.path("M72 122 C98 126 98 84 70 104", n=U, head=True)
    d.text(98, mid - 4, math("U", bold=True), raw=True, n=U)
    d.text(40, 148, math("W", bold=True), raw=True, n=W)
    d.text(40, 84, math("C", bold=True), raw=True, n=OUT)

    xs = (164, 244, 324)
    for x, step in zip(xs, "123", strict=True):
        column(x, step)
        d.text(x - 12, 148, math("W", bold=True), raw=True, n=W)
        d.text(x - 12, 84, math("C", bold=True), raw=True, n=OUT)
    d.text(116, mid, math("h", "0"), raw=True)
    for left, right in ((127, 144), (184, 224), (264, 304)):
        d.arrow([(left, mid), (right, mid)], n=U)
    for x in (204, 284):
        d.text(x, mid - 11, math("U", bold=True), raw=True, n=U)
    d.text(134, mid - 11, math("U", bold=True), raw=True, n=U)
    d.text(180, 220, t("same colour, same matrix"), size=12, muted=True)
    return d.svg()


def backward(t: Translate) -> str:
    """How the derivative walks from the last step to the first."""
    d = Drawing(360, 250, "backward")
    xs, loss, mid, low = (60, 150, 240, 330), 40, 116, 180
    for i, x in enumerate(xs, 1):
        d.box(x, loss, 38, 26, dashed=True)
        d.text(x, loss, math("L", str(i)), raw=True)
        d.box(x, mid, 40, 32, fill=0.08)
        d.text(x, mid, math("h", str(i)), raw=True)
        d.arrow([(x - 7, mid - 16), (x - 7, loss + 14)], muted=True)
        d.arrow([(x + 7, loss + 13), (x + 7, mid - 17)], n=4, width=2)
        d.text(x + 20, 76, math("g", str(i)), raw=True, n=4)
        d.arrow([(x, mid + 16), (x, low - 15)], n=5, width=2)
        d.text(x, low - 3, math("δ", str(i)), raw=True, n=5, size=15)
    for left, right in itertools.pairwise(xs):
        d.arrow([(left + 20, mid - 7), (right - 21, mid - 7)], muted=True)
        d.path(
            f"M{right - 12} {low - 3} C{right - 40} {low - 6} "
            f"{left + 44} {low - 30} {left + 21} {mid + 10}",
            n=5,
            head=True,
            width=2,
        )
        d.text(
            (left + right) / 2 + 10,
            mid + 34,
            math("U", bold=True) + '<tspan dy="-4" font-size="70%">⊤</tspan>',
            raw=True,
            n=1,
        )
    d.text(30, 14, t("loss"), anchor="start", bold=True)
    for y, n, word in (
        (208, 4, "from the loss of this step"),
        (226, 5, "from all later losses"),
    ):
        d.arrow([(70, y), (96, y)], n=n, width=2)
        d.text(106, y, t(word), anchor="start", size=12)
    d.arrow([(70, 244), (96, 244)], muted=True)
    d.text(106, 244, t("forward"), anchor="start", size=12)
    return d.svg()


def truncated(t: Translate) -> str:
    """Two windows: the value crosses the border, the gradient does not."""
    d = Drawing(360, 186, "truncated")
    xs, y = [24, 64, 104, 144, 216, 256, 296, 336], 76
    for x, word in ((84, "window 1"), (276, "window 2")):
        d.box(x, y, 160, 72, dashed=True)
        d.text(x, 20, t(word), bold=True)
    for i, x in enumerate(xs, 1):
        d.box(x, y, 26, 28, fill=0.08)
        d.text(x, y, math("h", str(i)), raw=True, size=12)
    for left, right in itertools.pairwise(xs):
        d.arrow([(left + 13, y - 7), (right - 14, y - 7)], n=1)
        if right != 216:
            d.arrow([(right - 13, y + 7), (left + 14, y + 7)], n=5)
    d.arrow([(203, y + 7), (184, y + 7)], n=5)
    d.path(f"M180 {y - 1} L180 {y + 15}", n=5, width=4)
    d.arrow([(180, 128), (180, y + 20)], muted=True)
    d.text(180, 137, "detach()", mono=True, size=12)
    for y, n, word in (
        (160, 1, "the value goes on"),
        (177, 5, "the gradient stops"),
    ):
        ends = [(100, y), (126, y)]
        d.arrow(ends if n == 1 else ends[::-1], n=n)
        d.text(136, y, t(word), anchor="start", size=12)
    return d.svg()


def regimes(t: Translate) -> str:
    """What a factor below, at and above one does to the gradient."""
    d = Drawing(360, 222, "regimes")
    rows = (
        (16, 0.72, "0.72", "shrinks: vanishing", 1, 18),
        (68, 1.0, "1", "keeps its length", 3, 18),
        (134, 1.15, "1.15", "grows: exploding", 5, 31),
    )
    xs = [334 - 44 * k for k in range(8)]
    for y, factor, shown, word, n, below in rows:
        for k, x in enumerate(xs):
            d.dot(x, y, max(8 * factor**k, 0.8), n=n, fill=0.35)
        words = f"{math('ρ')} = {shown} · {t(word)}"
        d.text(180, y + below, words, raw=True, size=12)
    for k, x in enumerate(xs):
        d.text(x, 184, str(k), size=11, muted=True)
    d.arrow([(346, 196), (12, 196)], muted=True)
    d.text(180, 211, t("steps back in time"), size=12, muted=True)
    return d.svg()


def layout(t: Translate) -> str:
    """The same targets flattened in two orders: they no longer match."""
    d = Drawing(360, 262, "layout")
    letters = (("a1", "a2", "a3", "a4"), ("b1", "b2", "b3", "b4"))
    for r, row in enumerate(letters):
        for c, name in enumerate(row):
            x, y = 124 + 38 * c, 40 + 32 * r
            d.box(x, y, 36, 28, n=1 if r == 0 else 2, fill=0.12, round=3)
            d.text(x, y, math(name[0], name[1]), raw=True)
    d.arrow([(106, 14), (256, 14)], muted=True)
    d.text(264, 14, t("time"), size=12, anchor="start", muted=True)
    d.text(264, 56, t("row = one text"), size=12, anchor="start", muted=True)
    rows = [n for row in letters for n in row]
    columns = [row[c] for c in range(4) for row in letters]
    for y, order, word, above in (
        (136, rows, "predictions, flattened by rows", True),
        (216, columns, "targets, flattened by columns", False),
    ):
        for k, name in enumerate(order):
            x = 26 + 44 * k
            d.box(
                x, y, 40, 28, n=1 if name[0] == "a" else 2, fill=0.12, round=3
            )
            d.text(x, y, math(name[0], name[1]), raw=True)
        d.text(180, y - 26 if above else y + 28, t(word), size=12, bold=True)
    for k, (p, q) in enumerate(zip(rows, columns, strict=True)):
        x = 26 + 44 * k
        same = p == q
        n = 3 if same else 5
        d.path(f"M{x} 152 L{x} 167 M{x} 185 L{x} 200", n=n, width=2)
        d.text(x, 176, "=" if same else "≠", n=n, size=15, bold=True)
    return d.svg()


FIGURES = (unrolled, backward, truncated, regimes, layout)
