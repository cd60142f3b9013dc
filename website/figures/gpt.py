"""The figures of the note on GPT."""

import itertools
from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "a class": {"ko": "분류", "zh": "哪一类？"},
    "does B follow from A?": {
        "ko": "A에서 B가 나옵니까?",
        "zh": "由A能推出B吗？",
    },
    "are they alike?": {"ko": "둘이 비슷합니까?", "zh": "两者相似吗？"},
    "which answer?": {"ko": "어느 답입니까?", "zh": "哪个答案？"},
    "text": {"ko": "글", "zh": "文本"},
    "answer": {"ko": "답", "zh": "答案"},
    "context": {"ko": "문맥", "zh": "上下文"},
    "start": {"ko": "시작", "zh": "开始"},
    "delimiter": {"ko": "구분", "zh": "分隔"},
    "read here": {"ko": "여기서 읽음", "zh": "在此读出"},
    "GPT-1: post-norm": {
        "ko": "GPT-1: 사후 정규화",
        "zh": "GPT-1：后规范化",
    },
    "GPT-2, 3: pre-norm": {
        "ko": "GPT-2, 3: 사전 정규화",
        "zh": "GPT-2、3：前规范化",
    },
    "attention": {"ko": "어텐션", "zh": "注意力"},
    "network": {"ko": "순방향 신경망", "zh": "前馈网络"},
    "norm": {"ko": "정규화", "zh": "规范化"},
    "last norm": {"ko": "마지막 정규화", "zh": "最后的规范化"},
    "one layer": {"ko": "계층 하나", "zh": "一层"},
    "without a cache": {"ko": "캐시 없이", "zh": "没有缓存"},
    "with a cache": {"ko": "캐시가 있으면", "zh": "有缓存"},
    "computed": {"ko": "계산함", "zh": "计算"},
    "read from the cache": {"ko": "캐시에서 읽음", "zh": "从缓存读取"},
    "step": {"ko": "시점", "zh": "步"},
    "place": {"ko": "자리", "zh": "位置"},
    "tokens": {"ko": "토큰", "zh": "词元"},
    "not at all": {"ko": "밀지 않음", "zh": "没有移"},
    "once": {"ko": "한 번", "zh": "移一次"},
    "twice": {"ko": "두 번", "zh": "移两次"},
    "copies itself": {"ko": "자기 복사", "zh": "照抄自己"},
    "the next token": {"ko": "다음 토큰", "zh": "下一个词元"},
    "skips one": {"ko": "하나 건너뜀", "zh": "跳过一个"},
}
"""Every word in the drawings: English to Korean and Chinese."""

START, MARK, END = 4, 6, 5  # the added tokens, one colour a kind
LINEAR = 3


def inputs(t: Translate) -> str:
    """Four tasks, each as one or several sequences."""
    d = Drawing(360, 330, "inputs")
    t_, a, b, c = "text", "A", "B", "context"
    tasks = (
        ("a class", ((t_,),), 34),
        ("does B follow from A?", ((a, b),), 92),
        ("are they alike?", ((a, b), (b, a)), 150),
        ("which answer?", ((c, "answer 1"), (c, "answer 2")), 236),
    )
    for title, rows, y in tasks:
        d.text(8, y - 20, t(title), anchor="start", size=12, bold=True)
        for i, parts in enumerate(rows):
            _sequence(d, t, parts, y + 28 * i)
        middle = y + 14 * (len(rows) - 1)
        d.box(330, middle, 48, 22 + 28 * (len(rows) - 1), n=LINEAR, fill=0.12)
        d.text(330, middle, math("W", "y"), raw=True, n=LINEAR)
        for i in range(len(rows)):
            d.arrow([(286, y + 28 * i), (304, y + 28 * i)])
    for x, n, word in (
        (14, START, "start"),
        (104, MARK, "delimiter"),
        (214, END, "read here"),
    ):
        d.box(x, 310, 16, 20, n=n, fill=0.35, round=3)
        d.text(x + 15, 310, t(word), anchor="start", size=12)
    return d.svg()


def _sequence(
    d: Drawing, t: Translate, parts: tuple[str, ...], y: float
) -> None:
    """A start token, the parts with delimiters between them, an end token."""
    d.box(18, y, 16, 22, n=START, fill=0.35, round=3)
    width = 238.0 if len(parts) == 1 else 108.0
    x = 29.0
    for i, part in enumerate(parts):
        if i:
            d.box(x + 8, y, 16, 22, n=MARK, fill=0.35, round=3)
            x += 19
        word, _, number = part.partition(" ")
        shown = word if word in "AB" else t(word)
        d.box(x + width / 2, y, width, 22, n=1, fill=0.08, round=3)
        d.text(x + width / 2, y, f"{shown} {number}".strip(), size=12)
        x += width + 3
    d.box(276, y, 16, 22, n=END, fill=0.35, round=3)


def norms(t: Translate) -> str:
    """The two places of the norm; the path is drawn thick."""
    d = Drawing(360, 360, "norms")
    for x, first, title in (
        (84, False, "GPT-1: post-norm"),
        (264, True, "GPT-2, 3: pre-norm"),
    ):
        d.text(x, 12, t(title), bold=True, size=12)
        d.box(x, 200, 160, 244, dashed=True)
        d.arrow([(x - 40, 350), (x - 40, 30 if first else 32)], n=1, width=3)
        for low, word in ((312, "attention"), (194, "network")):
            _branch(d, t, x, low, word, first)
        if first:
            d.box(x - 40, 52, 72, 24, n=2, fill=0.9)
            d.box(x - 40, 52, 72, 24, n=2, fill=0.0)
            d.text(x + 4, 52, t("last norm"), anchor="start", size=12, n=2)
    d.text(84, 334, t("one layer"), size=12, muted=True)
    d.text(264, 334, t("one layer"), size=12, muted=True)
    return d.svg()


def _branch(
    d: Drawing, t: Translate, x: float, low: float, word: str, first: bool
) -> None:
    """One sublayer beside the path, with its norm."""
    plus = low - 78
    d.path(f"M{x - 40} {low} L{x + 30} {low}", n=0)
    if first:
        d.box(x + 30, low - 22, 80, 22, n=2, fill=0.2)
        d.text(x + 30, low - 22, t("norm"), size=12)
        d.path(f"M{x + 30} {low} L{x + 30} {low - 11}")
        d.path(f"M{x + 30} {low - 33} L{x + 30} {low - 39}")
    else:
        d.path(f"M{x + 30} {low} L{x + 30} {low - 39}")
    d.box(x + 30, low - 50, 80, 22, n=3, fill=0.15)
    d.text(x + 30, low - 50, t(word), size=12)
    d.arrow([(x + 30, low - 61), (x + 30, plus), (x - 31, plus)])
    d.dot(x - 40, plus, 9, n=1, fill=0.9)
    d.path(f"M{x - 45} {plus} L{x - 35} {plus}", width=2)
    d.path(f"M{x - 40} {plus - 5} L{x - 40} {plus + 5}", width=2)
    if not first:
        d.box(x - 40, plus - 22, 66, 20, n=2, fill=0.9)
        d.text(x + 0, plus - 22, t("norm"), size=12, n=2, anchor="start")


def cache(t: Translate) -> str:
    """What every step computes, plainly and with a cache."""
    d = Drawing(360, 232, "cache")
    steps, side = 6, 22
    for left, cached, title in (
        (34, False, "without a cache"),
        (208, True, "with a cache"),
    ):
        d.text(left + 66, 12, t(title), bold=True)
        for step in range(steps):
            y = 44 + side * step
            for place in range(step + 1):
                x = left + 11 + side * place
                new = not cached or place == step
                d.box(
                    x,
                    y,
                    side - 4,
                    side - 4,
                    n=1 if new else 3,
                    fill=0.75 if new else 0.08,
                    dashed=not new,
                    round=3,
                )
            d.text(left - 6, y, str(step + 1), size=11, muted=True)
        d.arrow([(left, 182), (left + 132, 182)], muted=True)
        d.text(left + 66, 194, t("place"), size=12, muted=True)
        counted = sum(range(steps + 1)) if not cached else steps
        d.text(left + 104, 54, f"= {counted}", bold=True, n=1)
    d.text(14, 26, t("step"), size=11, muted=True)
    for x, n, fill, word in (
        (30, 1, 0.75, "computed"),
        (160, 3, 0.08, "read from the cache"),
    ):
        d.box(x, 218, 16, 16, n=n, fill=fill, dashed=n == 3, round=3)
        d.text(x + 14, 218, t(word), anchor="start", size=12)
    return d.svg()


def shift(t: Translate) -> str:
    """Targets that were not moved, moved once, moved twice."""
    d = Drawing(360, 244, "shift")
    letters = "abcdefg"
    xs = [124 + 46 * i for i in range(5)]
    d.text(8, 22, t("tokens"), anchor="start", size=12, bold=True)
    for x, letter in zip(xs, letters, strict=False):
        d.box(x, 22, 34, 28, n=1, fill=0.12)
        d.text(x, 22, letter, mono=True)
    rows = (
        (0, "not at all", "copies itself", 5),
        (1, "once", "the next token", 3),
        (2, "twice", "skips one", 5),
    )
    for (moved, word, what, n), y in zip(rows, (86, 150, 214), strict=True):
        d.text(8, y - 7, t(word), anchor="start", size=12, bold=True, n=n)
        d.text(8, y + 9, t(what), anchor="start", size=11, muted=True)
        for i, x in enumerate(xs):
            d.box(x, y, 34, 28, n=n, fill=0.12)
            d.text(x, y, letters[i + moved], mono=True)
            d.path(f"M{x} {y - 29} L{x} {y - 15}", n=n, head=True)
    for low, high in itertools.pairwise((22, 86, 150, 214)):
        d.path(
            f"M100 {(low + high) / 2 - 4} L334 {(low + high) / 2 - 4}",
            muted=True,
            width=0.5,
            dashed=True,
        )
    return d.svg()


FIGURES = (inputs, norms, cache, shift)
