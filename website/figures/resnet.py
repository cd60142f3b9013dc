"""The figures of the note on residual networks."""

from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "1×1, stride 2": {"ko": "1×1, 보폭 2", "zh": "1×1，步幅2"},
    "3×3, stride 2": {"ko": "3×3, 보폭 2", "zh": "3×3，步幅2"},
    "basic block": {"ko": "기본 블록", "zh": "基本块"},
    "bottleneck": {"ko": "병목 블록", "zh": "瓶颈块"},
    "channels": {"ko": "채널", "zh": "通道"},
    "plain": {"ko": "지름길 없음", "zh": "普通网络"},
    "residual": {"ko": "잔차", "zh": "残差网络"},
    "shortcut": {"ko": "지름길", "zh": "捷径"},
    "the gradient's direct way": {
        "ko": "그래디언트가 바로 가는 길",
        "zh": "梯度的直达之路",
    },
}
"""Every word in the drawings: English to Korean and Chinese."""

LAYER, SHORT, RELU = 2, 1, 3


def blocks(t: Translate) -> str:
    """The two blocks: what is computed, and what is only handed on."""
    d = Drawing(360, 336, "blocks")
    columns = (
        (72, "basic block", ("3×3, 64", "3×3, 64"), "64", (110, 190)),
        (
            *(258, "bottleneck", ("1×1, 64", "3×3, 64", "1×1, 256")),
            *("256", (92, 152, 212)),
        ),
    )
    bottom = 262
    for x, name, layers, channels, ys in columns:
        d.text(x, 14, t(name), bold=True)
        words = f"{channels} {t('channels')}"
        d.text(x + 8, 38, words, size=11, anchor="start")
        d.text(x - 8, 38, math("x"), raw=True, anchor="end")
        d.arrow([(x, 48), (x, ys[0] - 15)], n=LAYER)
        for k, (y, layer) in enumerate(zip(ys, layers, strict=True)):
            last = k + 1 == len(ys)
            end = bottom - 11 if last else ys[k + 1] - 15
            d.box(x, y, 84, 28, n=LAYER, fill=0.12)
            d.text(x, y, layer)
            d.arrow([(x, y + 14), (x, end)], n=LAYER)
            words = "BN" if last else "BN, ReLU"
            d.text(x + 7, (y + 12 + end) / 2, words, size=11, anchor="start")
        side = x + 64
        d.arrow(
            [(x, 60), (side, 60), (side, bottom), (x + 11, bottom)],
            n=SHORT,
            width=2.5,
        )
        d.dot(x, bottom, 10, n=SHORT, fill=0.2)
        d.text(x, bottom, "+", bold=True)
        d.arrow([(x, bottom + 10), (x, 306)], n=RELU)
        d.text(x + 7, 288, "ReLU", size=11, anchor="start", n=RELU)
        d.text(x, 320, math("y"), raw=True)
    d.text(141, 150, t("shortcut"), n=SHORT, anchor="start", size=12)
    return d.svg()


def road(t: Translate) -> str:
    """Plain blocks stand in the way; residual blocks stand beside it."""
    d = Drawing(360, 236, "road")
    xs, y = [70, 152, 234], 44
    d.text(8, 14, t("plain"), anchor="start", bold=True)
    d.text(14, y, math("x", "0"), raw=True)
    left = 26
    for k, x in enumerate(xs):
        d.arrow([(left, y), (x - 20, y)])
        d.box(x, y, 38, 28, n=LAYER, fill=0.12)
        d.text(x, y, math("F", str(k + 1)), raw=True)
        left = x + 20
    d.arrow([(left, y), (318, y)])
    d.text(336, y, math("x", "3"), raw=True)

    y, above = 172, 112
    d.text(8, 84, t("residual"), anchor="start", bold=True)
    d.text(14, y, math("x", "0"), raw=True)
    sums = [x + 34 for x in xs]
    left = 26
    for k, (x, plus) in enumerate(zip(xs, sums, strict=True)):
        start = left + 8
        d.path(f"M{left} {y} L{plus - 9} {y}", n=SHORT, width=3)
        d.path(f"M{start} {y} L{start} {above} L{x - 19} {above}", n=LAYER)
        d.box(x, above, 38, 28, n=LAYER, fill=0.12)
        d.text(x, above, math("F", str(k + 1)), raw=True)
        d.arrow([(x + 20, above), (plus, above), (plus, y - 10)], n=LAYER)
        d.dot(plus, y, 9, n=SHORT, fill=0.2)
        d.text(plus, y, "+", bold=True)
        left = plus + 9
    d.arrow([(left, y), (322, y)], n=SHORT, width=3)
    d.text(338, y, math("x", "3"), raw=True)
    d.arrow([(324, 204), (30, 204)], n=SHORT, dashed=True)
    d.text(180, 222, t("the gradient's direct way"), n=SHORT, size=12)
    return d.svg()


def stride(t: Translate) -> str:
    """Which places of the input a step of 2 reads, in v1 and in v1.5."""
    d = Drawing(360, 208, "stride")
    for left, name, first, rows in (
        (30, "v1", "1×1, stride 2", False),
        (206, "v1.5", "3×3, stride 2", True),
    ):
        d.text(left + 60, 14, name, bold=True)
        for i in range(6):
            for j in range(6):
                taken = rows or (i % 2 == 0 and j % 2 == 0)
                x, y = left + 24 * j, 42 + 24 * i
                d.dot(x, y, 7, n=LAYER if taken else 0, fill=0.8 * taken)
        if rows:
            d.box(left + 48, 42 + 48, 70, 70, n=SHORT, round=4)
        else:
            d.box(left + 48, 42 + 48, 20, 20, n=SHORT, round=4)
        d.text(left + 60, 192, t(first), size=12, n=SHORT)
    return d.svg()


FIGURES = (blocks, road, stride)
