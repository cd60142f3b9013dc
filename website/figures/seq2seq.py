"""The figures of the note on sequence to sequence learning."""

import itertools
from collections.abc import Callable

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "encoder": {"ko": "인코더", "zh": "编码器"},
    "decoder": {"ko": "디코더", "zh": "解码器"},
    "all that is known of the source": {
        "ko": "원문에 대해 아는 전부",
        "zh": "关于源句所知的全部",
    },
    "as written": {"ko": "쓴 순서대로", "zh": "按原来的顺序"},
    "reversed": {"ko": "뒤집어서", "zh": "反转之后"},
    "distances": {"ko": "거리", "zh": "距离"},
    "mean": {"ko": "평균", "zh": "平均"},
    "greedy": {"ko": "탐욕적", "zh": "贪心"},
    "beam of 2": {"ko": "빔 2", "zh": "束宽2"},
}
"""Every word in the drawings: English to Korean and Chinese."""

ENCODER, DECODER, BRIDGE = 2, 3, 1


def model(t: Translate) -> str:
    """Two stacked networks: one reads, the other goes on from its state."""
    d = Drawing(360, 250, "model")
    xs = [26 + 51 * k for k in range(7)]
    out, high, low, inputs = 44, 96, 146, 194
    reads = ["<eos>", "x3", "x2", "x1", "<bos>", "y1", "y2"]
    writes = ["y1", "y2", "<eos>"]

    def label(x: float, y: float, name: str) -> None:
        if name.startswith("<"):
            d.text(x, y, name, mono=True, size=11)
        else:
            d.text(x, y, math(name[0], name[1]), raw=True)

    d.box(179, (high + low) / 2, 46, 116, n=BRIDGE, fill=0.1, dashed=True)
    for k, x in enumerate(xs):
        n = ENCODER if k < 4 else DECODER
        for y in (high, low):
            d.box(x, y, 30, 28, n=n, fill=0.12)
        d.arrow([(x, inputs - 12), (x, low + 15)], muted=True)
        d.arrow([(x, low - 15), (x, high + 15)], muted=True)
        label(x, inputs, reads[k])
    for k, name in enumerate(writes, 4):
        d.arrow([(xs[k], high - 15), (xs[k], out + 12)], muted=True)
        label(xs[k], out, name)
    for k, (left, right) in enumerate(itertools.pairwise(xs)):
        for y in (high, low):
            bridge = k == 3
            d.arrow(
                [(left + 16, y), (right - 17, y)],
                n=BRIDGE if bridge else (ENCODER if k < 3 else DECODER),
                width=2.5 if bridge else 1.5,
            )
    for k in (4, 5):  # what is written is read next
        d.path(
            f"M{xs[k] + 12} {out + 6} C{xs[k] + 30} {out + 30} "
            f"{xs[k] + 24} {inputs - 30} {xs[k + 1] - 10} {inputs - 8}",
            n=DECODER,
            head=True,
            dashed=True,
        )
    d.text(102, 18, t("encoder"), bold=True, n=ENCODER)
    d.text(281, 18, t("decoder"), bold=True, n=DECODER)
    d.text(179, 50, math("v", bold=True), raw=True, n=BRIDGE, size=15)
    d.path("M179 207 L179 222", n=BRIDGE)
    d.text(179, 234, t("all that is known of the source"), size=12, n=BRIDGE)
    return d.svg()


def distances(t: Translate) -> str:
    """How far a token is from the one that it becomes."""
    d = Drawing(360, 232, "distances")
    xs = [50 + 52 * k for k in range(6)]
    for y, word, order, far in (
        (76, "as written", "123", (3, 3, 3)),
        (194, "reversed", "321", (5, 3, 1)),
    ):
        for k, x in enumerate(xs):
            name = math("x", order[k]) if k < 3 else math("y", str(k - 2))
            d.dot(x, y, 15, n=ENCODER if k < 3 else DECODER, fill=0.12)
            d.text(x, y, name, raw=True)
        for k, step in enumerate(far):
            left, right = xs[k], xs[k] + 52 * step
            rise = 14 + 11 * step
            top = y - 17
            d.path(
                f"M{left} {top} C{left + 8} {top - rise} "
                f"{right - 8} {top - rise} {right} {top}",
                n=int(order[k]) + 3,
                head=True,
                width=2,
            )
        title = f"{t(word)} · {t('distances')} {', '.join(map(str, far))}"
        title += f" · {t('mean')} {sum(far) // 3}"
        d.text(180, y + 28, title, size=12)
    d.path("M180 44 L180 92 M180 158 L180 210", muted=True, dashed=True)
    return d.svg()


def beam(t: Translate) -> str:
    """Greedy takes the likeliest first token and misses the best sequence."""
    d = Drawing(360, 226, "beam")
    first = {"A": (130, 52, "0.6"), "B": (130, 150, "0.4")}
    second = [
        ("A", "A", 26, "0.5", "0.30"),
        ("A", "B", 78, "0.5", "0.30"),
        ("B", "<eos>", 126, "0.9", "0.36"),
        ("B", "A", 176, "0.1", "0.04"),
    ]
    d.text(26, 101, "<bos>", mono=True, size=11)
    for name, (x, y, p) in first.items():
        n = 5 if name == "A" else 1
        d.arrow([(50, 101), (x - 17, y)], n=n, width=2.5)
        d.text(80, (101 + y) / 2 + (-12 if y < 101 else 14), p, size=12)
        d.dot(x, y, 15, n=n, fill=0.15)
        d.text(x, y, name)
    for parent, name, y, p, total in second:
        _, py, _ = first[parent]
        best = name == "<eos>"
        taken = total in ("0.30",) and y == 26
        n = 1 if best else (5 if taken else 0)
        d.arrow(
            [(147, py), (235, y)],
            n=n,
            width=2.5 if n else 1.2,
            muted=not n,
        )
        d.text(192, (py + y) / 2 - 9, p, size=12, muted=not n)
        if best:
            d.box(256, y, 44, 26, n=n, fill=0.15)
            d.text(256, y, name, mono=True, size=11)
        else:
            d.dot(252, y, 14, n=n, fill=0.15 if n else 0)
            d.text(252, y, name)
        d.text(318, y, total, bold=bool(n), n=n, muted=not n)
    d.arrow([(60, 210), (86, 210)], n=5, width=2.5)
    d.text(94, 210, t("greedy"), anchor="start", size=12)
    d.arrow([(200, 210), (226, 210)], n=1, width=2.5)
    d.text(234, 210, t("beam of 2"), anchor="start", size=12)
    return d.svg()


FIGURES = (model, distances, beam)
