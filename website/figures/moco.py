"""The figures of the note on MoCo."""

from collections.abc import Callable
from math import cos, pi, sin

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "end to end": {"ko": "종단간", "zh": "端到端"},
    "memory bank": {"ko": "메모리 뱅크", "zh": "存储库"},
    "queue": {"ko": "큐", "zh": "队列"},
    "encoder": {"ko": "인코더", "zh": "编码器"},
    "follows": {"ko": "뒤따름", "zh": "跟随"},
    "gradient": {"ko": "그래디언트", "zh": "梯度"},
    "drawn": {"ko": "추출", "zh": "抽取"},
    "query encoder": {"ko": "쿼리 인코더", "zh": "查询编码器"},
    "key encoder": {"ko": "키 인코더", "zh": "键编码器"},
    "newest": {"ko": "가장 새것", "zh": "最新"},
    "oldest": {"ko": "가장 오래된 것", "zh": "最旧"},
    "negatives": {"ko": "음성 샘플", "zh": "负样本"},
    "queries": {"ko": "쿼리", "zh": "查询"},
    "keys": {"ko": "키", "zh": "键"},
    "group 1": {"ko": "묶음 1", "zh": "第1组"},
    "group 2": {"ko": "묶음 2", "zh": "第2组"},
    "back in order": {"ko": "원래 순서로", "zh": "恢复次序"},
}
"""Every word in the drawings: English to Korean and Chinese."""

QUERY, KEY, LOSS = 1, 2, 3
COLUMNS = (62, 180, 298)


def mechanisms(t: Translate) -> str:
    """Where the keys come from, and where the gradient goes."""
    d = Drawing(360, 250, "mechanisms")
    names = ("end to end", "memory bank", "queue")
    for x, name in zip(COLUMNS, names, strict=True):
        d.text(x, 14, t(name), bold=True, size=12)
        d.dot(x, 48, 15, n=LOSS, fill=0.12)
        d.text(x, 48, math("L"), raw=True)
        left, right = x - 30, x + 30
        d.box(left, 170, 46, 34, n=QUERY, fill=0.12)
        d.text(left, 170, t("encoder"), size=10)
        d.arrow([(left, 226), (left, 188)], muted=True)
        d.text(left, 238, math("x"), raw=True)
        d.arrow([(left, 152), (x - 9, 63)], n=QUERY)
        d.text(left - 6, 108, math("q"), raw=True, n=QUERY)
        d.text(right + 12, 100, math("k"), raw=True, n=KEY)
        d.path(
            f"M{x - 17} 52 C{left - 26} 80 {left - 26} 120 {left - 12} 150",
            n=LOSS,
            dashed=True,
            head=True,
        )
    x = COLUMNS[0] + 30
    d.box(x, 170, 46, 34, n=KEY, fill=0.12)
    d.text(x, 170, t("encoder"), size=10)
    d.arrow([(x, 226), (x, 188)], muted=True)
    d.text(x, 238, math("x\u2032"), raw=True)
    d.arrow([(x, 152), (COLUMNS[0] + 9, 63)], n=KEY)
    d.path(
        f"M{x - 13} 52 C{x + 28} 80 {x + 28} 120 {x + 14} 150",
        n=LOSS,
        dashed=True,
        head=True,
    )
    x = COLUMNS[1] + 30
    for row in range(7):
        d.box(x, 138 + 11 * row, 40, 9, n=KEY, fill=0.12, round=2)
    d.arrow([(x, 131), (COLUMNS[1] + 9, 63)], n=KEY)
    d.text(x, 226, t("drawn"), size=10, n=KEY)
    x = COLUMNS[2] + 30
    for row in range(4):
        d.box(x, 113 + 11 * row, 40, 9, n=KEY, fill=0.12, round=2)
    d.arrow([(x, 107), (COLUMNS[2] + 9, 63)], n=KEY)
    d.box(x, 180, 46, 30, n=KEY, fill=0.12)
    d.text(x, 180, t("encoder"), size=10)
    d.arrow([(x, 164), (x, 153)], n=KEY)
    d.arrow([(x, 226), (x, 196)], muted=True)
    d.text(x, 238, math("x\u2032"), raw=True)
    d.arrow([(x - 35, 182), (x - 24, 182)], n=QUERY, width=2)
    d.text(x - 30, 205, t("follows"), size=10, n=QUERY)
    return d.svg()


def queue(t: Translate) -> str:
    """A ring of keys, a pointer, and the encoder that fills it."""
    d = Drawing(360, 300, "queue")
    x, y, far, count = 122, 196, 66, 16
    for place in range(count):
        turn = 2 * pi * place / count - pi / 2
        d.dot(
            x + far * cos(turn),
            y + far * sin(turn),
            10,
            n=KEY,
            fill=0.9 - 0.055 * ((count - 1 - place) % count),
        )
    d.text(x, y, t("queue"), n=KEY, bold=True)
    d.box(122, 50, 120, 34, n=KEY, fill=0.12)
    d.text(122, 50, t("key encoder"), size=12)
    d.arrow([(112, 68), (102, 120)], n=KEY, width=2)
    d.text(78, 98, t("newest"), n=KEY, size=12, anchor="end")
    d.arrow([(140, 124), (160, 102)], muted=True)
    d.text(162, 90, t("oldest"), size=11, anchor="start", muted=True)
    d.box(286, 50, 120, 34, n=QUERY, fill=0.12)
    d.text(286, 50, t("query encoder"), size=12)
    d.arrow([(225, 50), (183, 50)], n=QUERY, width=2)
    d.text(204, 36, "1 \u2212 m", n=QUERY, size=11)
    d.path("M98 33 C98 4 146 4 146 31", n=KEY, head=True)
    d.text(160, 14, "m", n=KEY, size=11)
    d.dot(286, 196, 17, n=LOSS, fill=0.12)
    d.text(286, 196, math("L"), raw=True)
    d.arrow([(278, 68), (278, 178)], n=QUERY)
    d.text(266, 140, math("q"), raw=True, n=QUERY)
    d.path("M294 178 L294 69", n=LOSS, dashed=True, head=True)
    d.text(300, 124, t("gradient"), n=LOSS, size=11, anchor="start")
    d.arrow([(200, 196), (267, 196)], n=KEY)
    d.text(232, 214, t("negatives"), n=KEY, size=11)
    d.path("M183 58 C254 66 252 150 273 182", n=KEY, head=True)
    d.text(240, 150, math("k", "+"), raw=True, n=KEY)
    return d.svg()


def shuffle(t: Translate) -> str:
    """The queries in their order; the keys in other company, then back."""
    d = Drawing(360, 246, "shuffle")
    xs = [76 + 34 * k + (12 if k > 3 else 0) for k in range(8)]
    order = (6, 1, 4, 7, 3, 8, 2, 5)
    for y, name, numbers, n in (
        (52, "queries", range(1, 9), QUERY),
        (132, "keys", order, KEY),
        (206, "back in order", range(1, 9), KEY),
    ):
        if y < 200:
            for left, group in ((0, "group 1"), (4, "group 2")):
                middle = (xs[left] + xs[left + 3]) / 2
                d.box(middle, y, 138, 36, n=n, dashed=True)
                d.text(middle, y - 28, t(group), size=10, n=n)
        for x, number in zip(xs, numbers, strict=True):
            d.dot(x, y, 12, n=n, fill=0.35 if number < 5 else 0.06)
            d.text(x, y, str(number), size=12)
        if y < 200:
            d.text(50, y, t(name), size=12, n=n, anchor="end")
        else:
            d.text(201, 232, t(name), size=12, n=n)
    for x, number in zip(xs, order, strict=True):
        d.path(f"M{x} 145 L{xs[number - 1]} 192", n=KEY, width=1, muted=True)
    return d.svg()


FIGURES = (mechanisms, queue, shuffle)
