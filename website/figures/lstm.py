"""The figures of the note on long short-term memory."""

import itertools
from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "the cell: only scaled and added to": {
        "ko": "셀: 곱하고 더하기만 합니다",
        "zh": "单元：只有缩放和相加",
    },
    "all four read the input and the last state": {
        "ko": "넷 다 입력과 이전 은닉 상태를 읽습니다",
        "zh": "四者都读取输入和上一隐状态",
    },
    "keep": {"ko": "남김", "zh": "保留"},
    "let in": {"ko": "들임", "zh": "写入"},
    "what": {"ko": "내용", "zh": "内容"},
    "show": {"ko": "내보냄", "zh": "输出"},
    "RNN: through U and a slope at every step": {
        "ko": "RNN: 시점마다 U와 기울기를 거칩니다",
        "zh": "RNN：每一步都经过U和斜率",
    },
    "LSTM: through a gate at every step": {
        "ko": "LSTM: 시점마다 게이트 하나를 거칩니다",
        "zh": "LSTM：每一步只经过一个门",
    },
    "the gradient, on its way back": {
        "ko": "되돌아가는 그래디언트",
        "zh": "返回途中的梯度",
    },
    "the same four blocks of rows": {
        "ko": "같은 네 블록, 행의 순서만 다릅니다",
        "zh": "同样的四块，行的次序不同",
    },
}
"""Every word in the drawings: English to Korean and Chinese."""

INPUT, FORGET, NEW, OUTPUT = 2, 1, 3, 4  # one colour a gate on every figure
CELL = 5
TRANSPOSED = math("U", bold=True) + '<tspan dy="-4" font-size="70%">⊤</tspan>'


def cell(t: Translate) -> str:
    """One step: the cell on its straight road, the gates below it."""
    d = Drawing(360, 300, "cell")
    road, gates, low = 62, 196, 264
    xs = {"f": 70, "i": 140, "g": 206, "o": 292}
    d.text(180, 14, t("the cell: only scaled and added to"), bold=True)
    d.text(20, road - 16, math("c", "t−1"), raw=True, n=CELL)
    d.text(342, road - 16, math("c", "t"), raw=True, n=CELL)
    d.arrow([(6, road), (xs["f"] - 12, road)], n=CELL, width=2.5)
    d.arrow([(xs["f"] + 12, road), (161, road)], n=CELL, width=2.5)
    d.arrow([(185, road), (356, road)], n=CELL, width=2.5)
    for x, y, sign in (
        (xs["f"], road, "×"),
        (173, road, "+"),
        (173, 118, "×"),
        (xs["o"], 140, "×"),
    ):
        d.dot(x, y, 11)
        d.text(x, y, sign, size=15)
    d.arrow([(173, 107), (173, road + 12)])
    d.arrow([(xs["o"], road), (xs["o"], 84)], n=CELL)
    d.box(xs["o"], 96, 44, 22, round=11)
    d.text(xs["o"], 96, "tanh", size=12)
    d.arrow([(xs["o"], 107), (xs["o"], 128)])
    d.arrow([(xs["o"] + 11, 140), (356, 140)])
    d.text(342, 126, math("h", "t"), raw=True)

    for name, n, word in (
        ("f", FORGET, "keep"),
        ("i", INPUT, "let in"),
        ("g", NEW, "what"),
        ("o", OUTPUT, "show"),
    ):
        x = xs[name]
        d.box(x, gates, 46, 30, n=n, fill=0.12)
        what = "tanh" if name == "g" else "σ"
        d.text(x, gates, what, size=12)
        d.text(x, gates + 27, t(word), size=11, n=n)
    d.arrow([(70, gates - 15), (70, road + 12)], n=FORGET)
    d.arrow([(140, gates - 15), (140, 118), (161, 118)], n=INPUT)
    d.arrow([(206, gates - 15), (206, 118), (185, 118)], n=NEW)
    d.arrow([(292, gates - 15), (292, 152)], n=OUTPUT)
    for name, x, y in (
        ("f", 60, 160),
        ("i", 130, 160),
        ("g", 216, 160),
        ("o", 282, 168),
    ):
        d.text(x, y, math(name), raw=True, anchor="middle")
    d.path(f"M20 {low} L300 {low}", muted=True)
    for x in xs.values():
        d.arrow([(x, low), (x, gates + 36)], muted=True)
    pair = f"{math('x', 't')}<tspan dy='-4'>, </tspan>{math('h', 't−1')}"
    d.text(328, low, pair, raw=True)
    words = t("all four read the input and the last state")
    d.text(180, 287, words, size=12, muted=True)
    return d.svg()


def roads(t: Translate) -> str:
    """How the gradient goes back: the factors of both networks."""
    d = Drawing(360, 236, "roads")
    xs = (322, 244, 166, 88, 22)
    for top, kept, name, n, word in (
        (64, 0.6, "h", 1, "RNN: through U and a slope at every step"),
        (160, 0.97, "c", CELL, "LSTM: through a gate at every step"),
    ):
        d.text(180, top - 40, t(word), bold=True)
        for k, x in enumerate(xs):
            d.dot(x, top, max(16 * kept**k, 1.5), n=n, fill=0.35)
            below = "t" if k == 0 else f"t−{k}"
            d.text(x, top + 30, math(name, below), raw=True, size=12)
        for k, (right, left) in enumerate(itertools.pairwise(xs)):
            start = right - max(16 * kept**k, 1.5) - 2
            end = left + max(16 * kept ** (k + 1), 1.5) + 3
            d.arrow([(start, top), (end, top)], n=n, width=2)
            label = math("f") if name == "c" else TRANSPOSED
            d.text((start + end) / 2, top - 12, label, raw=True, n=n)
    d.arrow([(346, 212), (12, 212)], muted=True)
    d.text(180, 227, t("the gradient, on its way back"), size=12, muted=True)
    return d.svg()


def orders(t: Translate) -> str:
    """Four orders of the same four blocks."""
    d = Drawing(360, 216, "orders")
    colours = {"i": INPUT, "f": FORGET, "g": NEW, "o": OUTPUT}
    d.text(180, 14, t("the same four blocks of rows"), bold=True)
    for row, (name, order) in enumerate(
        (
            ("torch, cuDNN", "ifgo"),
            ("Keras", "ifgo"),
            ("ONNX", "iofg"),
            ("TensorFlow 1", "igfo"),
        )
    ):
        y = 50 + 46 * row
        d.text(104, y, name, anchor="end", size=12)
        for k, letter in enumerate(order):
            x = 142 + 58 * k
            d.box(x, y, 52, 30, n=colours[letter], fill=0.16, round=3)
            d.text(x, y, math(letter), raw=True, size=14)
    return d.svg()


FIGURES = (cell, roads, orders)
