"""The figures of the note on gated recurrent units."""

from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "LSTM: two states, three gates": {
        "ko": "LSTM: 상태 둘, 게이트 셋",
        "zh": "LSTM：两个状态，三个门",
    },
    "GRU: one state, two gates": {
        "ko": "GRU: 상태 하나, 게이트 둘",
        "zh": "GRU：一个状态，两个门",
    },
    "keep": {"ko": "유지", "zh": "保留"},
    "add": {"ko": "추가", "zh": "写入"},
    "show": {"ko": "출력", "zh": "输出"},
    "mix": {"ko": "혼합", "zh": "混合"},
    "candidate": {"ko": "후보", "zh": "候选"},
    "what is left of each step": {
        "ko": "각 시점의 몫",
        "zh": "每一步留下的份额",
    },
    "before the product": {"ko": "곱하기 전", "zh": "乘法之前"},
    "after the product": {"ko": "곱한 뒤", "zh": "乘法之后"},
    "no unit hears of the second entry": {
        "ko": "어느 유닛도 둘째 원소를 보지 못합니다",
        "zh": "任何单元都看不到第二个分量",
    },
    "the second unit hears of no entry": {
        "ko": "둘째 유닛은 아무 원소도 보지 못합니다",
        "zh": "第二个单元看不到任何分量",
    },
}
"""Every word in the drawings: English to Korean and Chinese."""

KEEP, NEW, SHOW = 1, 2, 3  # one colour a role, on every figure of the page


def _node(d: Drawing, x: float, y: float, sign: str, n: int) -> None:
    d.dot(x, y, 11, n=n, fill=0.15)
    d.text(x, y, sign, size=14, bold=True)


def states(t: Translate) -> str:
    """What is carried, and which gates act on it: LSTM above, GRU below."""
    d = Drawing(360, 336, "states")
    d.text(180, 14, t("LSTM: two states, three gates"), bold=True)
    cell, hidden = 62, 130
    d.text(20, cell, math("c", "t−1"), raw=True)
    d.arrow([(38, cell), (78, cell)], n=KEEP, width=2.5)
    _node(d, 90, cell, "×", KEEP)
    d.arrow([(101, cell), (158, cell)], n=KEEP, width=2.5)
    _node(d, 170, cell, "+", NEW)
    d.arrow([(181, cell), (324, cell)], n=KEEP, width=2.5)
    d.text(342, cell, math("c", "t"), raw=True)
    d.text(90, 38, t("keep"), size=12, n=KEEP)
    d.text(170, 38, t("add"), size=12, n=NEW)
    d.text(20, hidden, math("h", "t−1"), raw=True)
    d.arrow([(38, hidden), (62, hidden)])
    d.box(142, hidden, 160, 30, fill=0.08)
    gates = ((90, "f"), (142, "i"), (170, "g"), (206, "o"))
    for x, name in gates:
        d.text(x, hidden, math(name), raw=True)
    d.text(156, hidden, "·", size=12)
    d.arrow([(90, hidden - 15), (90, cell + 12)], n=KEEP)
    d.arrow([(170, hidden - 15), (170, cell + 12)], n=NEW)
    d.arrow([(222, hidden), (263, hidden)], n=SHOW)
    _node(d, 275, hidden, "×", SHOW)
    d.arrow([(275, cell), (275, hidden - 12)], n=SHOW)
    d.text(282, 96, "tanh", size=12, anchor="start", mono=True)
    d.text(275, hidden + 24, t("show"), size=12, n=SHOW)
    d.arrow([(286, hidden), (324, hidden)], n=SHOW)
    d.text(342, hidden, math("h", "t"), raw=True)
    d.arrow([(142, 168), (142, hidden + 16)], muted=True)
    d.text(142, 176, math("x", "t"), raw=True)

    d.text(180, 206, t("GRU: one state, two gates"), bold=True)
    lane, low = 246, 288
    d.text(20, lane, math("h", "t−1"), raw=True)
    d.arrow([(38, lane), (238, lane)], n=KEEP, width=2.5)
    d.box(258, lane, 40, 26, n=KEEP, fill=0.12)
    d.text(258, lane, math("z"), raw=True)
    d.text(258, 226, t("mix"), size=12, n=KEEP)
    d.arrow([(278, lane), (324, lane)], n=KEEP, width=2.5)
    d.text(342, lane, math("h", "t"), raw=True)
    d.arrow([(66, lane), (66, low), (83, low)], n=SHOW)
    d.box(100, low, 32, 26, n=SHOW, fill=0.12)
    d.text(100, low, math("r"), raw=True)
    d.arrow([(116, low), (143, low)], n=SHOW)
    d.box(168, low, 48, 26, n=NEW, fill=0.12)
    d.text(168, low, math("n"), raw=True)
    d.text(168, low - 22, t("candidate"), size=12, n=NEW)
    d.arrow([(192, low), (258, low), (258, lane + 14)], n=NEW)
    d.text(268, low - 14, f"1 − {math('z')}", raw=True, size=12, anchor="start")
    d.arrow([(168, 318), (168, low + 14)], muted=True)
    d.text(168, 326, math("x", "t"), raw=True)
    return d.svg()


def shares(t: Translate) -> str:
    """How much of each candidate is in the state, for three constant gates."""
    d = Drawing(360, 268, "shares")
    d.text(180, 14, t("what is left of each step"), bold=True)
    steps, left, wide = 10, 92, 27
    for row, (keep, n) in enumerate(((0.5, 1), (0.8, 2), (0.95, 3))):
        floor = 88 + 74 * row
        d.text(
            8, floor - 24, f"{math('z')} = {keep:g}", raw=True, anchor="start"
        )
        parts = [keep**steps] + [
            (1 - keep) * keep ** (steps - s) for s in range(1, steps + 1)
        ]
        for k, part in enumerate(parts):
            x, tall = left + wide * k * 0.93, max(110 * part, 0.8)
            if k == 0:
                x -= 6
            d.box(
                x,
                floor - tall / 2,
                20,
                tall,
                n=n,
                fill=0.1 if k == 0 else 0.45,
                round=1,
                dashed=k == 0,
            )
        d.path(f"M72 {floor} L356 {floor}", muted=True)
    low = 88 + 148
    d.text(left - 6, low + 14, math("h", "0"), raw=True)
    for s in (1, 5, 10):
        d.text(left + wide * s * 0.93, low + 14, math("n", str(s)), raw=True)
    return d.svg()


def _product(d: Drawing, top: float, before: bool) -> None:
    """A 3 x 3 product, and what a closed second gate switches off."""
    side, x0 = 22, 96
    for i in range(3):
        for j in range(3):
            off = (j if before else i) == 1
            x, y = x0 + side * (j + 1), top + side * (i + 1)
            d.box(
                x,
                y,
                side - 2,
                side - 2,
                n=0 if off else NEW,
                fill=0.04 if off else 0.3,
                round=2,
                dashed=off,
            )
    middle = top + side * 2
    matrix = math("U", bold=True) + '<tspan dy="-4" font-size="70%">n</tspan>'
    d.text(x0 + side * 2, top - 2, matrix, raw=True, n=NEW)

    def vector(x: float, name: str, below: str, off: int, n: int) -> None:
        for i in range(3):
            d.box(
                x,
                top + side * (i + 1),
                side - 2,
                side - 2,
                n=0 if i == off else n,
                fill=0.04 if i == off else 0.3,
                round=2,
                dashed=i == off,
            )
        d.text(x, top - 2, math(name, below), raw=True)

    if before:
        d.text(184, middle, "(", size=44)
        vector(204, "r", "", 1, SHOW)
        d.text(228, middle, "⊙", size=15)
        vector(252, "h", "", -1, KEEP)
        d.text(272, middle, ")", size=44)
    else:
        vector(44, "r", "", 1, SHOW)
        d.text(68, middle, "⊙", size=15)
        d.text(90, middle, "(", size=44)
        vector(204, "h", "", -1, KEEP)
        d.text(224, middle, ")", size=44)


def reset(t: Translate) -> str:
    """A closed reset gate before the product and after it."""
    d = Drawing(360, 270, "reset")
    d.text(180, 14, t("before the product"), bold=True)
    _product(d, 36, True)
    d.text(
        180, 122, t("no unit hears of the second entry"), size=12, muted=True
    )
    d.text(180, 154, t("after the product"), bold=True)
    _product(d, 176, False)
    d.text(
        180, 262, t("the second unit hears of no entry"), size=12, muted=True
    )
    return d.svg()


FIGURES = (states, shares, reset)
