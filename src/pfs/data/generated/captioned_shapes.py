"""Pictures of coloured shapes, with captions that are exactly true."""

from dataclasses import dataclass
from itertools import product
from typing import Final

import torch

from pfs.data.generated.particles import fill
from pfs.data.generated.splits import (
    LANGUAGES,
    below,
    check,
    generator,
    pick,
    split,
)
from pfs.nn import checks
from pfs.shapes import Bool, Float, Shaped, Tensor

SIDE: Final = 32
"""Points along each side of a picture."""
COLOURS: Final = {
    "red": (220, 40, 40),
    "green": (40, 160, 60),
    "blue": (50, 80, 220),
    "yellow": (230, 200, 40),
}
SHAPES: Final = ("circle", "square", "triangle")
SIZES: Final = {"small": 4, "large": 7}
"""Half the width of a shape, in points."""
SIDES: Final = ("left of", "above")
NAMES: Final = {
    "ko": {
        **{"red": "빨간", "green": "초록색", "blue": "파란", "yellow": "노란"},
        **{"circle": "원", "square": "정사각형", "triangle": "삼각형"},
        **{"small": "작은", "large": "큰"},
        **{"left of": "왼쪽", "above": "위"},
    },
    "zh": {
        **{"red": "红色", "green": "绿色", "blue": "蓝色", "yellow": "黄色"},
        **{"circle": "圆形", "square": "正方形", "triangle": "三角形"},
        **{"small": "小", "large": "大"},
        **{"left of": "左边", "above": "上方"},
    },
}


@dataclass(frozen=True)
class Shape:
    """What is drawn."""

    size: str
    """A key of `SIZES`."""
    colour: str
    """A key of `COLOURS`."""
    form: str
    """One of `SHAPES`."""


@dataclass(frozen=True, eq=False)
class Captioned:
    """A picture, what it says, and what is true of it."""

    image: Shaped[Tensor, "channel height width"]
    """`uint8`, red, green and blue."""
    caption: str
    """What the picture shows, in words."""
    shapes: tuple[Shape, ...]
    """One shape, or two: the first is where the side says."""
    side: str
    """`left of` or `above`, how the first stands to the second; or empty."""


def load(
    language: str = "en", size: int = 2_000, seed: int = 0
) -> dict[str, tuple[Captioned, ...]]:
    """Draw pictures and describe them.

    There are 888 scenes, 24 of one shape and 864 of two. Every split has
    scenes of its own, so a model cannot know a test caption by heart; the
    exact places are drawn anew for every picture. Pictures of one scene have
    the same caption: each of them is a right answer to it.

    Args:
        language: Of the captions.
        size: How many pictures there are together.
        seed: Decides all of it.

    Returns:
        `train`, `validation` and `test`.

    Raises:
        ValueError: A01 if an option is out of range.

    Examples:
        >>> load(size=10)["test"][0].image.shape
        torch.Size([3, 32, 32])

    Source:
        Johnson et al. (2017), "CLEVR", for pictures whose truth is known.

    Differs:
        Flat shapes on a plain ground, 32 points wide.
    """
    check("captioned-shapes", [language], size, seed)
    source = generator(seed)
    every = scenes()
    order = torch.randperm(len(every), generator=source).tolist()
    own = split([every[i] for i in order])
    counts = {name: len(part) for name, part in split(range(size)).items()}
    made = {}
    for name, count in counts.items():
        chosen = [pick(own[name], source) for _ in range(count)]
        made[name] = tuple(
            Captioned(
                draw(shapes, side, source),
                describe(shapes, side, language),
                shapes,
                side,
            )
            for shapes, side in chosen
        )
    return made


def scenes() -> list[tuple[tuple[Shape, ...], str]]:
    """List every scene: one shape, or two of different colours and a side.

    Returns:
        The shapes and the side of each scene.

    Examples:
        >>> len(scenes())
        888

    Source:
        This project.

    Differs:
        nothing
    """
    kinds = [Shape(*s) for s in product(SIZES, COLOURS, SHAPES)]
    alone: list[tuple[tuple[Shape, ...], str]] = [((k,), "") for k in kinds]
    return alone + [
        ((one, two), side)
        for one, two in product(kinds, kinds)
        if one.colour != two.colour
        for side in SIDES
    ]


def describe(shapes: tuple[Shape, ...], side: str, language: str) -> str:
    """Say what a picture shows.

    Args:
        shapes: One shape, or two.
        side: How the first stands to the second.
        language: `en`, `ko` or `zh`.

    Returns:
        The caption.

    Raises:
        ValueError: A01 if there is no such language.

    Examples:
        >>> one, two = (
        ...     Shape("small", "red", "circle"),
        ...     Shape("large", "blue", "square"),
        ... )
        >>> describe((one, two), "above", "ko")
        '큰 파란 정사각형 위에 작은 빨간 원이 있다'

    Source:
        This project.

    Differs:
        nothing
    """
    checks.one_of("captioned-shapes", "language", language, LANGUAGES)
    words = [_name(shape, language) for shape in shapes]
    if language == "en":
        if not side:
            return f"a {words[0]}"
        return f"a {words[0]} {side} a {words[1]}"
    if language == "ko":
        if not side:
            return fill("{one:이} 있다", one=words[0])
        where = NAMES["ko"][side]
        return f"{words[1]} {where}에 " + fill("{one:이} 있다", one=words[0])
    if not side:
        return f"一个{words[0]}"
    return f"一个{words[0]}位于一个{words[1]}的{NAMES['zh'][side]}"


def draw(
    shapes: tuple[Shape, ...], side: str, source: torch.Generator
) -> Shaped[Tensor, "channel height width"]:
    """Draw shapes on a light ground.

    Args:
        shapes: One shape, or two.
        side: How the first stands to the second.
        source: Decides the exact places.

    Returns:
        The picture, `uint8`.

    Examples:
        >>> draw((Shape("small", "red", "circle"),), "", generator(0)).dtype
        torch.uint8

    Source:
        This project.

    Differs:
        nothing
    """
    image = torch.full((3, SIDE, SIDE), 240, dtype=torch.uint8)
    along, across = below(3, source) - 1.0, below(5, source) - 2.0
    middle = SIDE / 2
    centres = [(middle + along, middle + across)]
    if side:
        ends = [
            (8 + along, middle + across),
            (SIDE - 8 + along, middle + across),
        ]
        centres = ends if side == "left of" else [(y, x) for x, y in ends]
    for shape, (x, y) in zip(shapes, centres, strict=True):
        inside = _inside(shape, x, y)
        colour = torch.tensor(COLOURS[shape.colour], dtype=torch.uint8)
        image = torch.where(inside, colour[:, None, None], image)
    return image


def _inside(shape: Shape, x: float, y: float) -> Bool[Tensor, "height width"]:
    """Return which points belong to a shape around a centre."""
    points: Float[Tensor, " side"] = torch.arange(SIDE) + 0.5
    dx, dy = points[None, :] - x, points[:, None] - y
    half = float(SIZES[shape.size])
    if shape.form == "circle":
        return dx.square() + dy.square() <= half**2
    if shape.form == "square":
        return (dx.abs() <= half) & (dy.abs() <= half)
    return (dy <= half) & (dx.abs() <= (dy + half) / 2)


def _name(shape: Shape, language: str) -> str:
    if language == "en":
        return f"{shape.size} {shape.colour} {shape.form}"
    names = NAMES[language]
    if language == "ko":
        parts = (names[shape.size], names[shape.colour], names[shape.form])
        return " ".join(parts)
    # Colour, size, form: 红色小圆形, not 小红色圆形.
    return f"{names[shape.colour]}{names[shape.size]}{names[shape.form]}"
