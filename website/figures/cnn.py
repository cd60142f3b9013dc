"""The figures of the note on convolutional networks."""

from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "9 weights": {"ko": "가중치 9개", "zh": "9个权重"},
    "all joined": {"ko": "모두 연결", "zh": "全部相连"},
    "biases": {"ko": "편향", "zh": "偏置"},
    "feature map": {"ko": "특징 맵", "zh": "特征图"},
    "image": {"ko": "이미지", "zh": "图像"},
    "input": {"ko": "입력", "zh": "输入"},
    "kernel": {"ko": "커널", "zh": "核"},
    "stride 2": {"ko": "보폭 2", "zh": "步幅2"},
    "weights": {"ko": "가중치", "zh": "权重"},
}
"""Every word in the drawings: English to Korean and Chinese."""

SEEN, OTHER, OUT = 1, 2, 3


def shared(t: Translate) -> str:
    """One kernel at two places of an image, and where the results go."""
    d = Drawing(360, 218, "shared")
    side, left, top = 20, 16, 34
    for row in range(7):
        for column in range(7):
            x, y = left + side * (column + 0.5), top + side * (row + 0.5)
            one = 0 <= row <= 2 and 0 <= column <= 2
            two = 3 <= row <= 5 and 4 <= column <= 6
            n = SEEN if one else OTHER if two else 0
            d.box(x, y, side, side, n=n, fill=0.18 if n else 0, round=0)
    d.text(left + 3.5 * side, top - 18, t("image"), bold=True)
    small, across, down = 20, 240, 44
    for row in range(5):
        for column in range(5):
            x, y = across + small * (column + 0.5), down + small * (row + 0.5)
            n = {(0, 0): SEEN, (3, 4): OTHER}.get((row, column), 0)
            d.box(x, y, small, small, n=n, fill=0.5 if n else 0, round=0)
    d.text(across + 2.5 * small, down - 28, t("feature map"), bold=True)
    d.arrow(
        [(left + 3 * side + 2, top + 1.5 * side), (across, down + 10)], n=SEEN
    )
    d.arrow(
        [(left + 7 * side + 2, top + 4.5 * side), (across + 79, down + 72)],
        n=OTHER,
    )
    for row in range(3):
        for column in range(3):
            x, y = 196 + 13 * column, 168 + 13 * row
            d.box(x, y, 13, 13, n=OUT, fill=0.25, round=0)
    d.text(250, 174, t("kernel"), anchor="start", n=OUT, bold=True)
    d.text(250, 190, t("9 weights"), anchor="start", n=OUT, size=12)
    d.path("M192 188 C130 204 56 160 46 98", n=OUT, dashed=True, head=True)
    d.path("M192 174 C172 174 150 164 140 156", n=OUT, dashed=True, head=True)
    return d.svg()


def network(t: Translate) -> str:
    """The layers of 1989, with what is stored in each."""
    d = Drawing(360, 250, "network")
    layers = (
        (34, "", "16\u00d716", 44, 1, "", ""),
        (114, "H1", "12 \u00b7 8\u00d78", 30, 4, "300", "768"),
        (198, "H2", "12 \u00b7 4\u00d74", 20, 4, "2,400", "192"),
        (276, "H3", "30", 0, 0, "5,760", "30"),
        (336, "", "10", 0, 0, "300", "10"),
    )
    middle = 84
    for k, (x, name, size, side, copies, weights, biases) in enumerate(layers):
        n = OUT if k > 2 else SEEN if k else 0
        for copy in range(copies):
            shift = 7 * (copies - 1 - copy) - 3.5 * (copies - 1)
            d.box(
                x + shift, middle - shift, side, side, n=n, fill=0.12, round=2
            )
        if not copies:
            high = 88 if k == 3 else 54
            d.box(x, middle, 14, high, n=n, fill=0.12, round=2)
        d.text(x, 16, name, bold=True)
        d.text(x, 150, size, size=12)
        d.text(x, 192, weights, size=12, n=n)
        d.text(x, 224, biases, size=12, n=n)
    for a, b in ((58, 84), (142, 174), (222, 266), (285, 327)):
        d.arrow([(a, middle), (b, middle)], muted=True)
    d.text(34, 174, t("image"), size=12, muted=True)
    d.text(6, 192, t("weights"), size=12, anchor="start", muted=True)
    d.text(6, 224, t("biases"), size=12, anchor="start", muted=True)
    d.text(246, 60, t("all joined"), size=11, muted=True)
    return d.svg()


def receptive(t: Translate) -> str:
    """What one unit sees through two layers, with and without a stride."""
    d = Drawing(360, 268, "receptive")
    for block, (stride, top) in enumerate(((1, 26), (2, 160))):
        rows = (top, top + 40, top + 80)
        middle = [180 + 30 * stride * (k - 1) for k in range(3)]
        low = sorted({m + 30 * (k - 1) for m in middle for k in range(3)})
        for x in low:
            d.dot(x, rows[2], 9, n=SEEN, fill=0.3)
        for m in middle:
            d.dot(m, rows[1], 9, n=OTHER, fill=0.3)
            for k in range(3):
                d.path(
                    f"M{m + 30 * (k - 1)} {rows[2] - 10} L{m} {rows[1] + 10}",
                    n=SEEN,
                    width=1.2,
                )
        d.dot(180, rows[0], 9, n=OUT, fill=0.3)
        for m in middle:
            d.path(
                f"M{m} {rows[1] - 10} L180 {rows[0] + 10}", n=OTHER, width=1.2
            )
        out = [x for x in range(60, 301, 30) if x not in low]
        for x in out:
            d.dot(x, rows[2], 9)
        d.text(352, rows[2], t("input"), anchor="end", size=11, muted=True)
        d.text(52, rows[0], math("r", "2"), raw=True)
        d.text(64, rows[0], f"= {len(low)}", anchor="start")
        if block:
            d.text(300, rows[1] - 2, t("stride 2"), n=OTHER, size=12)
    return d.svg()


FIGURES = (shared, network, receptive)
