"""The figures of the note on bidirectional networks."""

import itertools
from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "reads ahead": {"ko": "앞에서부터 읽기", "zh": "从前往后读"},
    "reads back": {"ko": "뒤에서부터 읽기", "zh": "从后往前读"},
    "knows the left": {"ko": "왼쪽을 앎", "zh": "知道左边"},
    "knows the right": {"ko": "오른쪽을 앎", "zh": "知道右边"},
    "joined": {"ko": "합친 상태", "zh": "合并后的状态"},
    "hidden": {"ko": "가린 글자", "zh": "被遮住"},
    "the row and its padding": {
        "ko": "행과 패딩",
        "zh": "一行及其填充",
    },
    "turned within its length": {
        "ko": "자기 길이 안에서 뒤집음",
        "zh": "在自身长度内翻转",
    },
    "turned as a whole": {"ko": "행 전체를 뒤집음", "zh": "整行翻转"},
    "read first": {"ko": "먼저 읽음", "zh": "最先读到"},
    "asked: the next symbol": {
        "ko": "물음: 다음 기호",
        "zh": "要预测：下一个符号",
    },
    "and there it stands": {
        "ko": "답이 입력에 있음",
        "zh": "答案就在输入里",
    },
    "one step of copying": {
        "ko": "한 시점만 베끼면 됨",
        "zh": "只需抄一步",
    },
}
"""Every word in the drawings: English to Korean and Chinese."""

AHEAD, BACK, OUT = 1, 2, 3  # one colour a direction, on every figure


def _state(d: Drawing, x: float, y: float, arrow: str, step: str) -> None:
    """A letter with an arrow above it, as in the equations."""
    d.text(x, y + 3, math("h", step), raw=True, size=12)
    d.text(x - 2, y - 8, arrow, size=9)


def network(t: Translate) -> str:
    """Four steps, a row of states for each direction, and both joined."""
    d = Drawing(360, 262, "network")
    xs, top, one, two, low = (84, 154, 224, 294), 30, 92, 150, 212
    for x, step in zip(xs, "1234", strict=True):
        d.dot(x, low, 15)
        d.text(x, low, math("x", step), raw=True)
        d.box(x - 13, one, 36, 28, n=AHEAD, fill=0.1)
        _state(d, x - 13, one, "→", step)
        d.box(x + 13, two, 36, 28, n=BACK, fill=0.1)
        _state(d, x + 13, two, "←", step)
        d.arrow([(x - 11, low - 15), (x - 13, one + 15)], n=AHEAD)
        d.arrow([(x + 7, low - 15), (x + 11, two + 15)], n=BACK)
        d.box(x, top, 40, 28, n=OUT, fill=0.1)
        d.text(x, top, math("h", step), raw=True)
        d.arrow([(x - 13, one - 14), (x - 9, top + 15)], n=AHEAD)
        d.arrow([(x + 13, two - 14), (x + 11, top + 15)], n=BACK)
    for left, right in itertools.pairwise(xs):
        d.arrow([(left + 5, one), (right - 32, one)], n=AHEAD)
        d.arrow([(right - 5, two), (left + 32, two)], n=BACK)
    d.arrow([(32, one), (52, one)], n=AHEAD)
    d.text(24, one, "0", size=12, n=AHEAD)
    d.arrow([(346, two), (327, two)], n=BACK)
    d.text(353, two, "0", size=12, n=BACK)
    d.text(56, top, t("joined"), size=11, n=OUT, anchor="end")
    d.text(60, 246, t("reads ahead"), size=12, n=AHEAD, anchor="start")
    d.text(340, 246, t("reads back"), size=12, n=BACK, anchor="end")
    return d.svg()


def padding(t: Translate) -> str:
    """A row with padding, turned by its length and turned as a whole."""
    d = Drawing(360, 250, "padding")
    rows = (
        (44, "abc··", "the row and its padding", 0),
        (124, "cba··", "turned within its length", 3),
        (204, "··cba", "turned as a whole", 5),
    )
    for y, row, words, n in rows:
        d.text(180, y - 27, t(words), size=12, bold=True, n=n)
        for k, symbol in enumerate(row):
            x = 100 + 40 * k
            real = symbol != "·"
            d.box(
                x,
                y,
                36,
                28,
                n=2 if real else 0,
                fill=0.14 if real else 0.0,
                dashed=not real,
                round=3,
            )
            d.text(x, y, math(symbol) if real else "0", raw=True)
        if n:
            d.arrow([(40, y), (78, y)], n=n, width=2)
            d.text(292, y, "✓" if n == 3 else "✗", n=n, size=15, bold=True)
            d.text(100, y + 24, t("read first"), size=11, n=n)
    return d.svg()


def gap(t: Translate) -> str:
    """The state before a gap and the state after it: neither has read it."""
    d = Drawing(360, 216, "gap")
    xs, top, mid, low = (44, 112, 180, 248, 316), 30, 100, 166
    for k, (x, symbol) in enumerate(zip(xs, "clock", strict=True)):
        hidden = k == 2
        d.box(x, low, 34, 30, dashed=hidden, round=4)
        d.text(x, low, "?" if hidden else math(symbol), raw=True, size=15)
        if k < 2:
            d.box(x, mid, 38, 30, n=AHEAD, fill=0.1)
            _state(d, x, mid, "→", str(k + 1))
            d.arrow([(x, low - 15), (x, mid + 16)], n=AHEAD)
        if k > 2:
            d.box(x, mid, 38, 30, n=BACK, fill=0.1)
            _state(d, x, mid, "←", str(k + 1))
            d.arrow([(x, low - 15), (x, mid + 16)], n=BACK)
    d.arrow([(63, mid), (92, mid)], n=AHEAD)
    d.arrow([(297, mid), (268, mid)], n=BACK)
    d.box(180, top, 44, 30, n=OUT, fill=0.1)
    d.text(180, top, math("o", "3"), raw=True)
    d.arrow([(124, mid - 15), (162, top + 16)], n=AHEAD)
    d.arrow([(236, mid - 15), (198, top + 16)], n=BACK)
    d.text(78, 60, t("knows the left"), size=12, n=AHEAD)
    d.text(282, 60, t("knows the right"), size=12, n=BACK)
    d.text(180, 198, t("hidden"), size=12, muted=True)
    return d.svg()


def leak(t: Translate) -> str:
    """How the answer travels to the output of a wrong language model."""
    d = Drawing(360, 222, "leak")
    xs, top, mid, low = (70, 180, 290), 36, 104, 170
    for k, (x, step) in enumerate(zip(xs, ("t-1", "t", "t+1"), strict=True)):
        n = 5 if k == 2 else 0
        d.dot(x, low, 19, n=n, fill=0.12 if n else 0.0)
        d.text(x - 3, low, math("x", step), raw=True, size=12)
        d.box(x, mid, 46, 30, n=BACK, fill=0.1)
        _state(d, x - 3, mid, "←", step)
        d.arrow(
            [(x, low - 19), (x, mid + 16)],
            n=n,
            muted=not n,
            width=2.5 if n else 1.5,
        )
    d.arrow([(267, mid), (205, mid)], n=5, width=2.5)
    d.arrow([(157, mid), (95, mid)], muted=True)
    d.box(180, top, 46, 30, n=OUT, fill=0.1)
    d.text(180, top, math("o", "t"), raw=True)
    d.arrow([(180, mid - 15), (180, top + 16)], n=5, width=2.5)
    d.text(150, top, t("asked: the next symbol"), size=11, anchor="end", n=OUT)
    d.text(262, mid - 28, t("one step of copying"), size=11, n=5)
    d.text(290, 206, t("and there it stands"), size=12, n=5)
    return d.svg()


FIGURES = (network, padding, gap, leak)
