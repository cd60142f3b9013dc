"""The figures of the note on instance discrimination."""

from collections.abc import Callable
from math import cos, radians, sin

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "a weight for each class": {
        "ko": "클래스마다 가중치 하나",
        "zh": "每个类别一个权重",
    },
    "a row for each image": {
        "ko": "이미지마다 행 하나",
        "zh": "每张图像一行",
    },
    "after the loss": {"ko": "손실을 구한 뒤", "zh": "算完损失之后"},
    "bank": {"ko": "메모리 뱅크", "zh": "存储库"},
    "encoder": {"ko": "인코더", "zh": "编码器"},
    "images": {"ko": "이미지", "zh": "图像"},
    "no push to speak of": {"ko": "거의 밀지 않음", "zh": "几乎不推"},
    "pull": {"ko": "당김", "zh": "拉"},
    "push": {"ko": "밀어냄", "zh": "推"},
    "view": {"ko": "뷰", "zh": "视图"},
}
"""Every word in the drawings: English to Korean and Chinese."""

IMAGE, ROW, OWN = 2, 3, 1


def classes(t: Translate) -> str:
    """Four images and two weights; four images and four rows."""
    d = Drawing(360, 214, "classes")
    ys = [66 + 42 * k for k in range(4)]
    for left, title in (
        (30, "a weight for each class"),
        (222, "a row for each image"),
    ):
        d.text(left + 55, 14, t(title), size=11, bold=True)
        d.text(left, 38, t("images"), n=IMAGE, size=11)
        for k, y in enumerate(ys):
            d.box(left, y, 34, 28, n=IMAGE, fill=0.12)
            d.text(left, y, math("f", str(k + 1)), raw=True)
    for k, y in enumerate(ys):
        middle = (87, 171)
        for c, goal in enumerate(middle):
            own = k // 2 == c
            d.path(
                f"M48 {y} L120 {goal}",
                n=OWN if own else 0,
                width=2.4 if own else 0.8,
                muted=not own,
            )
        for j, goal in enumerate(ys):
            if j != k:
                d.path(f"M240 {y} L312 {goal}", width=0.8, muted=True)
    for y in ys:
        d.path(f"M240 {y} L312 {y}", n=OWN, width=2.4)
    for c, goal in enumerate((87, 171)):
        d.box(140, goal, 38, 28, n=ROW, fill=0.12)
        d.text(140, goal, math("w", str(c + 1), bold=True), raw=True)
    d.text(332, 38, t("bank"), n=ROW, size=11)
    for k, y in enumerate(ys):
        d.box(332, y, 38, 28, n=ROW, fill=0.12)
        d.text(332, y, math("v", str(k + 1)), raw=True)
    return d.svg()


def model(t: Translate) -> str:
    """A step: embed, compare with the bank, write the own row."""
    d = Drawing(360, 240, "model")
    rows = [("1", 42), ("2", 74), ("i", 120), ("", 154), ("n", 188)]
    d.text(304, 12, t("bank"), n=ROW, bold=True)
    d.box(304, 117, 54, 182, n=ROW, dashed=True)
    d.box(38, 120, 44, 40, n=IMAGE, fill=0.12)
    d.text(38, 120, math("x", "i"), raw=True)
    d.text(38, 88, t("view"), size=11, n=IMAGE)
    d.arrow([(61, 120), (82, 120)], n=IMAGE)
    d.path("M84 94 L140 106 L140 134 L84 146 Z", n=IMAGE)
    d.text(112, 120, t("encoder"), size=11)
    d.arrow([(141, 120), (170, 120)], n=IMAGE)
    d.dot(188, 120, 17, n=IMAGE, fill=0.12)
    d.text(188, 120, math("f", "i"), raw=True)
    for name, y in rows:
        own = name == "i"
        if name:
            d.box(304, y, 42, 24, n=OWN if own else ROW, fill=0.14)
            d.text(304, y, math("v", name), raw=True)
            d.path(
                f"M206 {120 + (y - 120) * 0.13:.1f} L281 {y}",
                n=OWN if own else 0,
                width=3 if own else 1,
                muted=not own,
            )
        else:
            d.text(304, y, "⋮")
    d.path(
        "M190 139 C192 250 350 244 350 184 C350 146 344 124 328 120",
        n=OWN,
        dashed=True,
        head=True,
    )
    d.text(186, 214, t("after the loss"), n=OWN, size=12, anchor="end")
    return d.svg()


def forces(t: Translate) -> str:
    """What pulls and what pushes an embedding on the sphere."""
    d = Drawing(360, 232, "forces")
    x, y, r = 130, 126, 84
    d.dot(x, y, r)

    def at(angle: float, far: float = r) -> tuple[float, float]:
        a = radians(angle)
        return x + far * cos(a), y - far * sin(a)

    def arc(
        start: float, stop: float, far: float, n: int, width: float
    ) -> None:
        (a, b), (c, e) = at(start, far), at(stop, far)
        sweep = int(start > stop)
        d.path(
            f"M{a:.1f} {b:.1f} A{far} {far} 0 0 {sweep} {c:.1f} {e:.1f}",
            n=n,
            head=True,
            width=width,
        )

    points = (
        (60, "f", "i", IMAGE),
        (105, "v", "i", OWN),
        (32, "v", "j", ROW),
        (-12, "v", "k", ROW),
        (-66, "v", "l", ROW),
        (-140, "v", "m", ROW),
    )
    for angle, letter, below, n in points:
        px, py = at(angle)
        d.path(f"M{x} {y} L{px:.1f} {py:.1f}", muted=True, width=0.8)
        d.dot(px, py, 5, n=n, fill=0.9)
        tx, ty = at(angle, r + 18)
        if letter == "f":
            tx, ty = at(angle, r - 20)
        d.text(tx, ty, math(letter, below), raw=True, n=n)
    arc(64, 99, r + 8, OWN, 2.6)
    arc(38, 55, r + 8, ROW, 2.6)
    arc(-6, 2, r + 8, ROW, 1.2)
    d.text(*at(82, r + 22), t("pull"), n=OWN, size=12)
    px, py = at(46, r + 16)
    d.text(px, py - 4, t("push"), n=ROW, size=12, anchor="start")
    ex, ey = at(-40, r + 14)
    d.text(ex, ey, t("no push to speak of"), size=11, anchor="start")
    return d.svg()


FIGURES = (classes, model, forces)
