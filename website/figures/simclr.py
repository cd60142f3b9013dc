"""The figures of the note on SimCLR."""

from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "image": {"ko": "이미지", "zh": "图像"},
    "same weights": {"ko": "같은 가중치", "zh": "权重相同"},
    "loss": {"ko": "손실", "zh": "损失"},
    "thrown away": {"ko": "버림", "zh": "丢弃"},
    "kept": {"ko": "남김", "zh": "保留"},
    "first views": {"ko": "첫째 뷰", "zh": "第一个视图"},
    "second views": {"ko": "둘째 뷰", "zh": "第二个视图"},
    "partner": {"ko": "짝", "zh": "同伴"},
    "negative": {"ko": "음성 샘플", "zh": "负样本"},
    "itself": {"ko": "자기 자신", "zh": "自己"},
    "process 1": {"ko": "프로세스 1", "zh": "进程1"},
    "process 2": {"ko": "프로세스 2", "zh": "进程2"},
    "gradient": {"ko": "그래디언트", "zh": "梯度"},
    "add up": {"ko": "더함", "zh": "相加"},
    "all rows": {"ko": "모든 행", "zh": "所有行"},
}
"""Every word in the drawings: English to Korean and Chinese."""

FIRST, SECOND, PULL = 2, 3, 1


def framework(t: Translate) -> str:
    """Two views through one network; the head is not kept."""
    d = Drawing(360, 252, "framework")
    rows, middle = (58, 174), 116
    d.box(24, middle, 34, 34, fill=0.12)
    d.text(24, middle, math("x"), raw=True)
    d.text(24, middle + 30, t("image"), size=11, muted=True)
    columns = ((78, "x", 1), (148, "f", 0), (204, "h", 1), (256, "g", 0))
    for y, n, mark in zip(rows, (FIRST, SECOND), ("i", "j"), strict=True):
        d.arrow([(40, middle + (y - middle) * 0.2), (64, y)], muted=True)
        for x, letter, state in columns:
            if state:
                d.dot(x, y, 14, n=n, fill=0.12)
                d.text(x, y, math(letter, mark), raw=True)
            else:
                gone = letter == "g"
                d.box(x, y, 32, 40, fill=0.06, dashed=gone)
                d.text(x, y, math(letter), raw=True, bold=True)
        d.dot(308, y, 14, n=n, fill=0.12)
        d.text(308, y, math("z", mark), raw=True)
        for left, right in ((93, 130), (165, 188), (219, 238), (273, 292)):
            d.arrow([(left, y), (right, y)], n=n)
        down = 1 if y < middle else -1
        d.arrow([(308, y + 15 * down), (308, middle - 13 * down)], n=PULL)
    for x in (148, 256):
        d.path(f"M{x} 80 L{x} 152", muted=True, dashed=True, width=1)
    d.text(190, middle, t("same weights"), size=11, muted=True)
    d.text(308, middle, t("loss"), n=PULL, bold=True)
    d.path("M230 20 L230 226", muted=True, dashed=True)
    d.text(222, 240, t("kept"), size=12, anchor="end", bold=True)
    d.text(240, 240, t("thrown away"), size=12, anchor="start", muted=True)
    d.arrow([(170, 240), (140, 240)], muted=True, width=1.2)
    return d.svg()


def matrix(t: Translate) -> str:
    """All similarities of 2N views: itself, the partner, the negatives."""
    d = Drawing(360, 318, "matrix")
    n, side, left, top = 4, 28, 66, 42
    for i in range(2 * n):
        y = top + side * (i + 0.5)
        colour = FIRST if i < n else SECOND
        d.text(left - 14, y, math("z", str(i + 1)), raw=True, n=colour)
        d.text(
            left + side * (i + 0.5),
            top - 14,
            math("z", str(i + 1)),
            raw=True,
            n=colour,
        )
        for k in range(2 * n):
            x = left + side * (k + 0.5)
            partner = k == (i + n) % (2 * n)
            fill = 0.75 if partner else 0.0 if k == i else 0.08
            tone = PULL if partner else 0
            d.box(x, y, side - 4, side - 4, n=tone, fill=fill, round=3)
            if k == i:
                r = side / 2 - 5
                d.path(f"M{x - r} {y - r} L{x + r} {y + r}", muted=True)
                d.path(f"M{x - r} {y + r} L{x + r} {y - r}", muted=True)
    wide = 2 * n * side
    for k, (name, colour) in enumerate(
        (("first views", FIRST), ("second views", SECOND))
    ):
        x = left + wide * (0.25 + 0.5 * k)
        d.text(x, 10, t(name), n=colour, size=12)
    d.path(
        f"M{left + wide / 2} {top - 4} L{left + wide / 2} {top + wide + 2}",
        muted=True,
        dashed=True,
        width=1,
    )
    d.path(
        f"M{left - 4} {top + wide / 2} L{left + wide + 2} {top + wide / 2}",
        muted=True,
        dashed=True,
        width=1,
    )
    y = 298
    for x, name, tone, fill in (
        (46, "partner", PULL, 0.75),
        (146, "negative", 0, 0.08),
        (252, "itself", 0, 0.0),
    ):
        d.box(x, y, 16, 16, n=tone, fill=fill, round=3)
        if name == "itself":
            d.path(f"M{x - 5} {y - 5} L{x + 5} {y + 5}", muted=True)
            d.path(f"M{x - 5} {y + 5} L{x + 5} {y - 5}", muted=True)
        d.text(x + 14, y, t(name), anchor="start", size=12)
    return d.svg()


def gather(t: Translate) -> str:
    """Rows go to everybody; gradients come back and are added."""
    d = Drawing(360, 276, "gather")
    xs = (88, 272)
    for x, name, n in zip(
        xs, ("process 1", "process 2"), (FIRST, SECOND), strict=True
    ):
        d.text(x, 12, t(name), n=n, bold=True)
        d.box(x, 46, 64, 24, n=n, fill=0.25)
        d.text(x, 46, math("z"), raw=True)
        d.box(x, 112, 64, 24, n=FIRST, fill=0.25, round=2)
        d.box(x, 138, 64, 24, n=SECOND, fill=0.25, round=2)
        d.dot(x, 188, 15, n=PULL, fill=0.12)
        d.text(x, 188, math("L"), raw=True)
        d.arrow([(x, 151), (x, 172)], muted=True)
        d.arrow([(x, 59), (x, 98)], n=n)
        d.box(x, 248, 64, 24, n=n, dashed=True)
        d.text(x, 248, "\u2202" + math("L") + "/\u2202" + math("z"), raw=True)
        d.arrow([(x, 204), (x, 234)], n=PULL, dashed=True)
    d.arrow([(114, 59), (238, 104)], n=FIRST)
    d.arrow([(246, 59), (122, 132)], n=SECOND)
    d.arrow([(102, 200), (240, 240)], n=PULL, dashed=True)
    d.arrow([(258, 200), (120, 240)], n=PULL, dashed=True)
    d.text(180, 126, t("all rows"), size=12, muted=True)
    d.text(180, 186, t("gradient"), size=12, n=PULL)
    d.text(180, 262, t("add up"), size=12, n=PULL)
    return d.svg()


FIGURES = (framework, matrix, gather)
