"""The figures of the note on InvaSpread."""

from collections.abc import Callable
from math import cos, radians, sin

from website.figures import Drawing, math

Translate = Callable[[str], str]

WORDS = {
    "before": {"ko": "학습 전", "zh": "训练前"},
    "after": {"ko": "학습 후", "zh": "训练后"},
    "near your copy": {"ko": "사본과 가깝게", "zh": "靠近副本"},
    "away from others": {"ko": "다른 것과 멀게", "zh": "远离其他"},
    "copies ask": {"ko": "사본이 묻는다", "zh": "副本提问"},
    "images ask": {"ko": "이미지가 묻는다", "zh": "图像提问"},
    "to be 1": {"ko": "1이 되도록", "zh": "应为1"},
    "to be 0": {"ko": "0이 되도록", "zh": "应为0"},
    "in the sum, not asked": {"ko": "합에만 든다", "zh": "只在和里"},
    "not in the sum": {"ko": "합에서 빠진다", "zh": "不在和里"},
    "second view": {"ko": "둘째 뷰", "zh": "第二个视图"},
}
"""Every word in the drawings: English to Korean and Chinese."""

NEAR, AWAY, OTHER = 1, 3, 2


def _place(
    centre: tuple[float, float], far: float, angle: float
) -> tuple[float, float]:
    x, y = centre
    return x + far * cos(radians(angle)), y - far * sin(radians(angle))


def _circle(centre: tuple[float, float], r: float) -> str:
    x, y = centre
    half = f"a{r:g} {r:g} 0 1 0"
    return f"M{x - r:g} {y:g} {half} {2 * r:g} 0 {half} {-2 * r:g} 0"


def sphere(t: Translate) -> str:
    """Copies are drawn together, images apart."""
    d = Drawing(360, 232, "sphere")
    colours = (1, 2, 3, 4)
    for middle, title, images, apart in (
        (90, "before", (60, 88, 118, 150), 17),
        (270, "after", (45, 135, 225, 315), 4),
    ):
        centre = (middle, 120)
        d.text(middle, 14, t(title), bold=True)
        d.path(_circle(centre, 66), muted=True, width=1)
        for n, angle in zip(colours, images, strict=True):
            x, y = _place(centre, 66, angle)
            a, b = _place(centre, 66, angle - apart)
            d.dot(x, y, 6, n=n, fill=0.9)
            d.dot(a, b, 6, n=n, fill=0.1)
        if title == "before":
            for angle, by, n in ((150, 36, 4), (43, -34, 1)):
                start = _place(centre, 82, angle)
                half = _place(centre, 86, angle + by / 2)
                end = _place(centre, 82, angle + by)
                d.arrow([start, half, end], n=n, width=2)
    d.dot(26, 212, 6, fill=0.9)
    d.text(40, 212, math("f", "i"), raw=True, anchor="start")
    d.dot(76, 212, 6, fill=0.1)
    d.text(90, 212, _hat("f", "i"), raw=True, anchor="start")
    d.text(270, 204, t("near your copy"), size=12)
    d.text(270, 222, t("away from others"), size=12)
    return d.svg()


def _hat(name: str, below: str) -> str:
    """A letter with a hat and an index."""
    return math(name + "\u0302", below)


def tables(t: Translate) -> str:
    """The two softmaxes of the paper: who asks, who is a class."""
    d = Drawing(360, 236, "tables")
    for left, title, hat in (
        (56, "copies ask", True),
        (232, "images ask", False),
    ):
        d.text(left + 51, 14, t(title), bold=True)
        for k in range(4):
            x, y = left + 12 + 26 * k, 62 + 26 * k
            d.text(x, 38, math("f", str(k + 1)), raw=True, size=12)
            name = _hat("f", str(k + 1)) if hat else math("f", str(k + 1))
            d.text(left - 18, y, name, raw=True, size=12)
            for c in range(4):
                x = left + 12 + 26 * c
                if hat:
                    own = c == k
                    d.box(
                        x,
                        y,
                        23,
                        23,
                        n=NEAR if own else 0,
                        fill=0.5 * own,
                        dashed=not own,
                    )
                elif c == k:
                    d.box(x, y, 23, 23, dashed=True)
                else:
                    d.box(x, y, 23, 23, n=AWAY, fill=0.4)
    for y, n, fill, dashed, words in (
        (178, NEAR, 0.5, False, "to be 1"),
        (200, AWAY, 0.4, False, "to be 0"),
        (222, 0, 0.0, True, "in the sum, not asked"),
    ):
        d.box(110, y, 16, 16, n=n, fill=fill, dashed=dashed)
        d.text(128, y, t(words), anchor="start", size=12)
    return d.svg()


def joint(t: Translate) -> str:
    """The released form: all pictures against all, itself left out."""
    d = Drawing(360, 216, "joint")
    left, top, step, m = 62, 44, 20, 4
    for k in range(2 * m):
        name = math("f", str(k + 1)) if k < m else _hat("f", str(k - m + 1))
        at = step * k + 10
        d.text(left + at, top - 12, name, raw=True, size=11)
        d.text(left - 16, top + at, name, raw=True, size=11)
        for c in range(2 * m):
            x, y = left + step * c + 10, top + at
            if c == k:
                d.path(f"M{x - 6} {y - 6} L{x + 6} {y + 6}", muted=True)
                d.path(f"M{x - 6} {y + 6} L{x + 6} {y - 6}", muted=True)
            elif (c - k) % m == 0:
                d.box(x, y, 18, 18, n=NEAR, fill=0.5, round=3)
            else:
                d.box(x, y, 18, 18, n=AWAY, fill=0.4, round=3)
    d.text(left + 160, 14, t("second view"), size=12, muted=True)
    d.path(f"M{left + 80} {top - 2} L{left + 80} {top + 162}", muted=True)
    d.path(f"M{left - 2} {top + 80} L{left + 162} {top + 80}", muted=True)
    for y, n, fill, words in (
        (80, NEAR, 0.5, "to be 1"),
        (108, AWAY, 0.4, "to be 0"),
        (136, 0, 0.0, "not in the sum"),
    ):
        if n:
            d.box(246, y, 16, 16, n=n, fill=fill)
        else:
            d.path(f"M240 {y - 6} L252 {y + 6}", muted=True)
            d.path(f"M240 {y + 6} L252 {y - 6}", muted=True)
        d.text(262, y, t(words), anchor="start", size=12)
    return d.svg()


FIGURES = (sphere, tables, joint)
