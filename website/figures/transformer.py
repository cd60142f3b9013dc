"""The figures of the note on the Transformer."""

import itertools
from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "recurrence: one step after the other": {
        "ko": "순환: 한 시점씩 차례로",
        "zh": "循环：一步接一步",
    },
    "attention: every place sees every place": {
        "ko": "어텐션: 모든 자리가 모든 자리를 봄",
        "zh": "注意力：每个位置看到每个位置",
    },
    "six steps": {"ko": "여섯 걸음", "zh": "六步"},
    "one step": {"ko": "한 걸음", "zh": "一步"},
    "query": {"ko": "쿼리", "zh": "查询"},
    "keys": {"ko": "키", "zh": "键"},
    "values": {"ko": "값", "zh": "值"},
    "how well each key fits": {
        "ko": "키마다 얼마나 맞는지",
        "zh": "每个键有多合适",
    },
    "softmax: shares of 1": {
        "ko": "소프트맥스: 합이 1인 몫",
        "zh": "softmax：和为1的份额",
    },
    "the values, mixed": {"ko": "섞인 값", "zh": "混合后的值"},
    "encoder layer": {"ko": "인코더 계층", "zh": "编码器层"},
    "decoder layer": {"ko": "디코더 계층", "zh": "解码器层"},
    "self-attention": {"ko": "셀프 어텐션", "zh": "自注意力"},
    "masked": {"ko": "마스크", "zh": "带掩码"},
    "cross-attention": {"ko": "교차 어텐션", "zh": "交叉注意力"},
    "feed-forward": {"ko": "순방향 신경망", "zh": "前馈"},
    "add, then norm": {"ko": "더한 뒤 정규화", "zh": "相加再规范化"},
    "memory": {"ko": "메모리", "zh": "记忆"},
    "source": {"ko": "원문", "zh": "源序列"},
    "target, shifted": {"ko": "한 자리 민 목표", "zh": "右移的目标"},
    "padding": {"ko": "패딩", "zh": "填充"},
    "future": {"ko": "미래", "zh": "未来"},
    "both": {"ko": "둘 다", "zh": "两者"},
    "key": {"ko": "키", "zh": "键"},
    "hidden": {"ko": "가려짐", "zh": "被遮住"},
    "seen": {"ko": "보임", "zh": "可见"},
    "keys, block by block": {"ko": "키, 블록 단위로", "zh": "键，逐块处理"},
    "queries": {"ko": "쿼리", "zh": "查询"},
    "this tile, in memory now": {
        "ko": "지금 메모리에 있는 타일",
        "zh": "此刻在内存里的分块",
    },
    "kept for each query": {
        "ko": "쿼리마다 간직하는 것",
        "zh": "每个查询保留的量",
    },
    "later blocks raise m: shrink l and o": {
        "ko": "다음 블록에서 m이 커지면 l과 o를 줄임",
        "zh": "后面的块使m变大时，缩小l和o",
    },
}
"""Every word in the drawings: English to Korean and Chinese."""

Q, K, V = 1, 2, 3  # queries, keys, values: one colour each on the whole page


def paths(t: Translate) -> str:
    """How far the first place is from the last, in two networks."""
    d = Drawing(360, 236, "paths")
    xs = [36 + 48 * i for i in range(7)]
    d.text(180, 14, t("recurrence: one step after the other"), bold=True)
    y = 58
    for i, x in enumerate(xs, 1):
        d.box(x, y, 34, 28, fill=0.08)
        d.text(x, y, math("h", str(i)), raw=True)
    for left, right in itertools.pairwise(xs):
        d.arrow([(left + 17, y), (right - 18, y)], n=5, width=2)
    d.text(180, 92, t("six steps"), size=12, n=5)
    d.text(180, 126, t("attention: every place sees every place"), bold=True)
    low, top = 206, 158
    for i, x in enumerate(xs, 1):
        d.box(x, low, 34, 28, fill=0.08)
        d.text(x, low, math("x", str(i)), raw=True)
        d.dot(x, top, 11, fill=0.08)
        d.text(x, top, math("y", str(i)), raw=True, size=11)
    for x in xs[1:]:
        d.arrow([(x, low - 14), (xs[-1], top + 12)], muted=True, width=1)
    d.arrow([(xs[0], low - 14), (xs[-1] - 11, top + 5)], n=3, width=2)
    d.text(60, 176, t("one step"), size=12, n=3, anchor="start")
    return d.svg()


def lookup(t: Translate) -> str:
    """One query against four keys: scores, shares, a mixed value."""
    d = Drawing(360, 276, "lookup")
    d.text(40, 18, t("query"), bold=True, n=Q)
    d.box(40, 44, 44, 28, n=Q, fill=0.12)
    d.text(40, 44, math("q"), raw=True)
    d.text(220, 18, t("keys"), bold=True, n=K)
    xs, shares = (128, 190, 252, 314), (0.10, 0.62, 0.08, 0.20)
    for i, x in enumerate(xs, 1):
        d.box(x, 44, 44, 28, n=K, fill=0.12)
        d.text(x, 44, math("k", str(i)), raw=True)
        d.arrow([(x, 58), (x, 76)], n=K)
        d.text(x - 3, 88, math("q") + "·" + math("k", str(i)), raw=True)
    d.path("M40 58 L40 88 L100 88", n=Q, head=True)
    d.text(220, 110, t("how well each key fits"), size=12, muted=True)
    for x, share in zip(xs, shares, strict=True):
        d.arrow([(x, 120), (x, 130)], muted=True)
        tall = 44 * share
        d.box(x, 180 - tall / 2, 26, tall, n=4, fill=0.4, round=2)
        d.text(x, 190, f"{share:.2f}", size=11)
    d.text(220, 208, t("softmax: shares of 1"), size=12, muted=True)
    d.text(40, 214, t("values"), bold=True, n=V)
    for i, x in enumerate(xs, 1):
        d.box(x, 230, 44, 24, n=V, fill=0.12)
        d.text(x, 230, math("v", str(i)), raw=True)
    d.arrow([(103, 242), (68, 256)], n=V, width=2)
    d.path("M128 242 L128 250 L314 250 L314 242", n=V)
    d.box(40, 256, 52, 26, n=V, fill=0.25)
    d.text(40, 256, math("o"), raw=True)
    d.text(220, 264, t("the values, mixed"), size=12, muted=True)
    return d.svg()


def _sublayer(
    d: Drawing, x: float, y: float, words: list[str], n: int, t: Translate
) -> None:
    """A sublayer, its norm and the path around it; data flow upwards."""
    d.box(x, y, 106, 16 * len(words) + 12, n=n, fill=0.14)
    for i, word in enumerate(words):
        d.text(x, y + 16 * (i - (len(words) - 1) / 2), word, size=12)
    top = y - 8 * len(words) - 6
    d.arrow([(x, top), (x, top - 9)])
    d.box(x, top - 19, 106, 20, fill=0.06)
    d.text(x, top - 19, t("add, then norm"), size=11)
    low = y + 8 * len(words) + 6
    d.path(
        f"M{x} {low + 9} L{x - 64} {low + 9} L{x - 64} {top - 19} "
        f"L{x - 54} {top - 19}",
        head=True,
        muted=True,
    )


def layers(t: Translate) -> str:
    """An encoder layer and a decoder layer, and what goes between them."""
    d = Drawing(360, 404, "layers")
    left, right = 90, 278
    d.box(left, 262, 154, 206, dashed=True)
    d.box(right, 196, 154, 328, dashed=True)
    d.text(left, 146, t("encoder layer"), bold=True)
    d.text(right, 18, t("decoder layer"), bold=True)
    d.text(left - 58, 172, "× 6", size=12, muted=True)
    d.text(right + 58, 44, "× 6", size=12, muted=True)
    _sublayer(d, left, 322, [t("self-attention")], 1, t)
    _sublayer(d, left, 228, [t("feed-forward")], 4, t)
    d.arrow([(left, 378), (left, 337)])
    d.arrow([(left, 279), (left, 243)])
    _sublayer(d, right, 318, [t("self-attention"), t("masked")], 1, t)
    _sublayer(d, right, 214, [t("cross-attention")], 2, t)
    _sublayer(d, right, 120, [t("feed-forward")], 4, t)
    d.arrow([(right, 378), (right, 341)])
    d.arrow([(right, 266), (right, 229)])
    d.arrow([(right, 171), (right, 135)])
    d.arrow([(right, 77), (right, 30)])
    d.text(left, 390, t("source"), size=12)
    d.text(right, 390, t("target, shifted"), size=12)
    d.path(
        f"M{left} 185 L{left} 174 L184 174 L184 214 L{right - 55} 214",
        n=2,
        head=True,
        width=2,
    )
    d.text(184, 148, t("memory"), size=12, n=2)
    return d.svg()


def masks(t: Translate) -> str:
    """Padding, the future, and both: which key a query may not see."""
    d = Drawing(360, 190, "masks")
    size, n, real = 17, 5, 3
    for column, (word, padding, future) in enumerate(
        (
            ("padding", True, False),
            ("future", False, True),
            ("both", True, True),
        )
    ):
        x0 = 38 + 114 * column
        d.text(x0 + 2 * size, 16, t(word), bold=True)
        for q, k in itertools.product(range(n), range(n)):
            hidden = (padding and k >= real) or (future and k > q)
            d.box(
                x0 + k * size,
                62 + q * size,
                size - 3,
                size - 3,
                n=5 if hidden else 3,
                fill=0.75 if hidden else 0.12,
                round=2,
            )
        d.arrow([(x0 - 9, 46), (x0 + 4 * size + 9, 46)], muted=True)
        d.text(x0 + 2 * size, 37, t("key"), size=11, muted=True)
        d.arrow([(x0 - 14, 54), (x0 - 14, 62 + 4 * size + 9)], muted=True)
    d.text(180, 152, t("query") + " ↓", size=11, muted=True)
    for x, n_, word in ((100, 5, "hidden"), (210, 3, "seen")):
        d.box(x, 176, 14, 14, n=n_, fill=0.75 if n_ == 5 else 0.12, round=2)
        d.text(x + 14, 176, t(word), size=12, anchor="start")
    return d.svg()


def tiles(t: Translate) -> str:
    """The table of scores, one tile of it filled, and what is kept."""
    d = Drawing(360, 226, "tiles")
    d.text(160, 14, t("keys, block by block"), size=12, n=K)
    for r, c in itertools.product(range(3), range(4)):
        now, done = (r, c) == (1, 2), (r, c) < (1, 2)
        d.box(
            82 + 52 * c,
            48 + 44 * r,
            48,
            40,
            n=4 if now else 0,
            fill=0.5 if now else 0.0,
            dashed=not now,
            round=3,
        )
        if done:
            d.text(82 + 52 * c, 48 + 44 * r, "✓", size=12, muted=True)
    d.arrow([(60, 26), (262, 26)], n=K)
    d.text(26, 92, t("queries"), size=12, n=Q)
    for y, letters in ((48, "mlo"), (92, "mlo"), (136, "mlo")):
        for i, letter in enumerate(letters):
            x = 284 + 26 * i
            d.box(x, y, 22, 40, n=V if letter == "o" else 6, fill=0.15, round=3)
            d.text(x, y, math(letter), raw=True)
    d.arrow([(190, 176), (188, 116)], n=4)
    d.text(150, 184, t("this tile, in memory now"), size=12, n=4)
    d.text(300, 168, t("kept for each query"), size=11, muted=True)
    d.text(180, 210, t("later blocks raise m: shrink l and o"), size=12)
    return d.svg()


FIGURES = (paths, lookup, layers, masks, tiles)
