"""The figures of the note on sequence models."""

import itertools
from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "naive: the whole past": {"ko": "단순: 과거 전체", "zh": "朴素：全部过去"},
    "autoregressive: a window": {
        "ko": "자기회귀: 창",
        "zh": "自回归：一个窗口",
    },
    "Markov: one step": {"ko": "마르코프: 한 시점", "zh": "马尔可夫：一步"},
    "latent: a state": {"ko": "잠재: 상태", "zh": "潜变量：一个状态"},
    "an arrow: its end depends on its beginning": {
        "ko": "화살표: 끝의 값이 처음의 값에 달려 있음",
        "zh": "箭头：终点的值取决于起点的值",
    },
    "one table": {"ko": "표 하나", "zh": "一张表"},
    "side by side": {"ko": "나란히 이음", "zh": "并排拼接"},
    "hidden units": {"ko": "은닉 유닛", "zh": "隐藏单元"},
    "next symbol": {"ko": "다음 기호", "zh": "下一个符号"},
    "one step ahead": {"ko": "한 걸음 앞", "zh": "向前一步"},
    "three steps ahead": {"ko": "세 걸음 앞", "zh": "向前三步"},
    "known": {"ko": "아는 값", "zh": "已知"},
    "predicted": {"ko": "예측한 값", "zh": "预测"},
    "right: the window ends before its target": {
        "ko": "맞음: 창이 정답 앞에서 끝남",
        "zh": "正确：窗口在目标之前结束",
    },
    "wrong: the target lies in the window": {
        "ko": "틀림: 정답이 창 안에 있음",
        "zh": "错误：目标就在窗口里",
    },
    "window": {"ko": "창", "zh": "窗口"},
    "target": {"ko": "정답", "zh": "目标"},
}
"""Every word in the drawings: English to Korean and Chinese."""


def graphs(t: Translate) -> str:
    """Who looks at whom in the four kinds of sequence models."""
    d = Drawing(360, 268, "graphs")

    def panel(left: float, top: float, word: str) -> list[float]:
        d.text(left + 84, top, t(word), size=12, bold=True)
        xs = [left + 18 + 44 * i for i in range(4)]
        for i, x in enumerate(xs, 1):
            d.dot(x, top + 86, 13, fill=0.06)
            d.text(x, top + 86, math("w", str(i)), raw=True, size=12)
        return xs

    def arc(a: float, b: float, y: float, n: int) -> None:
        if b - a < 50:
            d.arrow([(a + 13, y), (b - 14, y)], n=n)
            return
        rise = y - 13 - (b - a) * 0.34
        d.path(
            f"M{a + 5:g} {y - 12:g} C{a + 14:g} {rise:g} {b - 20:g} {rise:g} "
            f"{b - 6:g} {y - 13:g}",
            n=n,
            head=True,
        )

    reach = (
        ("naive: the whole past", 3, 5),
        ("autoregressive: a window", 2, 1),
    )
    for k, (word, most, n) in enumerate(reach):
        xs = panel(6 + 180 * k, 14, word)
        for i, a in enumerate(xs):
            for b in xs[i + 1 : i + 1 + most]:
                arc(a, b, 100, n)
    xs = panel(6, 142, "Markov: one step")
    for a, b in itertools.pairwise(xs):
        arc(a, b, 228, 2)
    xs = panel(186, 142, "latent: a state")
    high, low = 180, 228
    for i, x in enumerate(xs, 1):
        d.box(x, high, 26, 24, n=3, fill=0.1)
        d.text(x, high, math("h", str(i)), raw=True, size=12)
        d.arrow([(x, high + 12), (x, low - 14)], n=3)
    for a, b in itertools.pairwise(xs):
        d.arrow([(a + 13, high), (b - 14, high)], n=3)
        d.arrow([(a + 9, low - 10), (b - 12, high + 13)], n=3)
    d.text(
        180,
        258,
        t("an arrow: its end depends on its beginning"),
        size=12,
        muted=True,
    )
    return d.svg()


def network(t: Translate) -> str:
    """The network of the paper: one table, one hidden layer, a softmax."""
    d = Drawing(360, 318, "network")
    xs, mid = (64, 152, 240), 152
    names = ("t−3", "t−2", "t−1")
    top, hidden, wide, feature, low = 34, 98, 166, 220, 290
    d.box(mid, feature, 276, 46, n=1, dashed=True)
    d.text(324, feature - 8, math("C", bold=True), raw=True, n=1, size=15)
    d.text(324, feature + 10, t("one table"), size=11, n=1)
    for x, name in zip(xs, names, strict=True):
        d.dot(x, low, 17, fill=0.06)
        d.text(x, low, math("w", name), raw=True, size=12)
        d.arrow([(x, low - 17), (x, feature + 18)], n=1)
        for i in range(4):
            d.box(x - 30 + 20 * i, feature, 18, 28, n=1, fill=0.12, round=2)
        d.arrow([(x, feature - 15), (x, wide + 11)], n=1)
    for i in range(12):
        d.box(42 + 20 * i, wide, 18, 20, fill=0.06, round=2)
    d.text(324, wide - 6, math("x"), raw=True, size=15)
    d.text(324, wide + 10, t("side by side"), size=11, muted=True)
    d.arrow([(mid, wide - 12), (mid, hidden + 15)], n=2, width=2)
    d.text(mid + 16, 136, math("H", bold=True), raw=True, n=2)
    for i in range(6):
        d.dot(mid - 60 + 24 * i, hidden, 10, n=2, fill=0.12)
    d.text(mid + 84, hidden, "tanh", n=2, anchor="start", size=12)
    d.text(mid - 80, hidden, t("hidden units"), n=2, anchor="end", size=11)
    d.arrow([(mid, hidden - 12), (mid, top + 13)], n=3, width=2)
    d.text(mid + 16, 68, math("U", bold=True), raw=True, n=3)
    d.path(
        f"M274 {wide - 12} C316 130 310 70 256 {top + 12}",
        n=4,
        head=True,
        dashed=True,
        width=2,
    )
    d.text(312, 92, math("W", bold=True), raw=True, n=4)
    for i in range(10):
        d.box(mid - 90 + 20 * i, top, 18, 20, n=3, fill=0.12, round=2)
    d.text(mid, 12, f"softmax · {t('next symbol')}", size=12)
    return d.svg()


def ahead(t: Translate) -> str:
    """One step ahead from known values; three steps ahead from predictions."""
    d = Drawing(360, 236, "ahead")
    xs = [36 + 48 * i for i in range(7)]
    rows = (("one step ahead", 62, 1), ("three steps ahead", 158, 3))
    for word, y, steps in rows:
        d.text(180, y - 46, t(word), bold=True)
        for i, x in enumerate(xs):
            guess = 4 <= i < 4 + steps
            if i >= 4 + steps:
                continue
            d.box(x, y, 36, 30, n=5 if guess else 1, fill=0.14, dashed=guess)
            hat = "ŝ" if guess else "s"
            d.text(x, y, math(hat, str(i + 1)), raw=True)
        for i in range(4, 4 + steps):
            for back in (2, 1):
                a, b = xs[i - back], xs[i]
                n = 5 if i - back >= 4 else 1
                low = y + 16 + 13 * back
                d.path(
                    f"M{a + 4:g} {y + 16:g} C{a + 8:g} {low:g} {b - 12:g} "
                    f"{low:g} {b - 6:g} {y + 17:g}",
                    n=n,
                    head=True,
                )
    d.box(98, 222, 22, 16, n=1, fill=0.14)
    d.text(116, 222, t("known"), anchor="start", size=12)
    d.box(208, 222, 22, 16, n=5, fill=0.14, dashed=True)
    d.text(226, 222, t("predicted"), anchor="start", size=12)
    return d.svg()


def leak(t: Translate) -> str:
    """A window that ends before its target, and one that holds it."""
    d = Drawing(360, 196, "leak")
    letters = "the_clock"
    xs = [36 + 36 * i for i in range(9)]
    rows = (
        ("right: the window ends before its target", 58, 2, 3),
        ("wrong: the target lies in the window", 152, 3, 5),
    )
    for word, y, first, n in rows:
        d.text(180, y - 42, t(word), size=12, bold=True, n=n)
        for x, letter in zip(xs, letters, strict=True):
            d.text(x, y, letter.replace("_", "␣"), mono=True, size=15)
        d.box(xs[first] + 54, y, 140, 30, n=1, fill=0.1)
        d.box(xs[6], y, 28, 26, n=n, dashed=True)
        d.text(xs[first] + 54, y + 27, t("window"), size=11, n=1)
        side = xs[6] if first == 2 else xs[6] + 22
        d.text(side + 4, y + 27, t("target"), size=11, n=n)
    return d.svg()


FIGURES = (graphs, network, ahead, leak)
