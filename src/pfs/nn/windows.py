"""Where the windows of an image lie: sizes in two directions, said once."""

from typing import Any

from pfs.errors import PfsTypeError, PfsValueError
from pfs.nn import checks
from pfs.shapes import Float, Tensor

Pair = tuple[int, int]


def pair(where: str, name: str, value: Any, low: int = 1) -> Pair:
    """Return one number for both directions, or the two that were given.

    Args:
        where: The function that asks.
        name: The argument.
        value: A whole number, or two: for the height and for the width.
        low: The smallest number allowed.

    Returns:
        The number for the height and the one for the width.

    Raises:
        ValueError: A01 if a number is below `low`.
        TypeError: A02 if it is neither a whole number nor two of them.

    Examples:
        >>> pair("conv2d", "stride", 2), pair("conv2d", "stride", (1, 3))
        ((2, 2), (1, 3))

    Source:
        This project.

    Differs:
        nothing
    """
    several = isinstance(value, tuple | list)
    if several and len(value) not in (1, 2):
        raise PfsTypeError(
            "A02",
            where=f"{where}, {name}",
            expected="a whole number, or two: (height, width)",
            got=repr(value),
            todo=f"pass {name} as an int or as a pair",
        )
    both = tuple(value) if several else (value,)
    for number in both:
        checks.whole(where, name, number)
        if number < low:
            raise PfsValueError(
                "A01",
                where=f"{where}, {name}",
                expected=f"whole numbers, at least {low}",
                got=repr(value),
                todo=f"pass a larger {name}",
            )
    return both[0], both[-1]


def images(
    where: str, input: Float[Tensor, "*batch channel height width"]
) -> None:
    """Refuse what is not a batch of images, or one image.

    Args:
        where: The function that asks.
        input: What should be images.

    Raises:
        ValueError: S14 if it has neither four axes nor three.

    Examples:
        >>> import torch
        >>> images("conv2d", torch.zeros(2, 3, 8, 8))

    Source:
        This project.

    Differs:
        nothing
    """
    if input.ndim not in (3, 4):
        raise PfsValueError(
            "S14",
            where=f"{where}, input",
            expected="four axes (batch channel height width), or one image "
            "(channel height width)",
            got=f"shape {tuple(input.shape)}",
            todo="give grey images a channel axis of size 1: "
            "input.unsqueeze(1)",
        )


def covered(
    where: str, image: tuple[int, ...], padding: tuple[int, ...], kernel: Pair
) -> None:
    """Refuse a window that is larger than the padded image.

    Args:
        where: The function that asks.
        image: Height and width of the image.
        padding: What is added above and below together, left and right too.
        kernel: Height and width that a window spans.

    Raises:
        ValueError: S14 if no window fits.

    Examples:
        >>> covered("conv2d", (8, 8), (0, 2), (3, 3))

    Source:
        This project.

    Differs:
        nothing
    """
    padded = tuple(n + p for n, p in zip(image, padding, strict=True))
    if any(k > n for k, n in zip(kernel, padded, strict=True)):
        raise PfsValueError(
            "S14",
            where=f"{where}, input",
            expected=f"a padded image of at least {kernel}, which a window "
            "spans",
            got=f"{padded}: the image {tuple(image)} and its padding",
            todo="use a smaller kernel, more padding or larger images; deep "
            "networks halve small images until nothing is left",
        )
