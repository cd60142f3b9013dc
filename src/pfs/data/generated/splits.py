"""Draw what generated data sets are made of: seeded, and split once."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

import torch

from pfs.errors import PfsTypeError, PfsValueError
from pfs.nn import checks

Thing = TypeVar("Thing")
LANGUAGES: Final = ("en", "ko", "zh")
"""The languages of this project."""
SPLITS: Final = ("train", "validation", "test")
"""The parts of a generated data set; no example is in two of them."""


def check(where: str, languages: Sequence[str], size: int, seed: int) -> None:
    """Refuse options that cannot be.

    Args:
        where: The data set.
        languages: What must each be `en`, `ko` or `zh`.
        size: How many examples are wanted, above 0.
        seed: A whole number from 0.

    Raises:
        ValueError: A01 if one is out of range.
        TypeError: A02 if a number is not whole.

    Examples:
        >>> check("numbers", ["ko"], 10, seed=0)

    Source:
        This project.

    Differs:
        nothing
    """
    for language in languages:
        checks.one_of(where, "language", language, LANGUAGES)
    checks.positive(where, size=size)
    checks.whole(where, "seed", seed)
    if seed < 0:
        raise PfsValueError(
            "A01",
            where=f"{where}, seed",
            expected="a whole number from 0",
            got=str(seed),
            todo="choose another seed, such as 0",
        )


def check_at_most(where: str, name: str, value: int, most: int) -> None:
    """Refuse a number that is too large.

    Args:
        where: The data set.
        name: What the number is.
        value: The number.
        most: What it may be.

    Raises:
        ValueError: A01 if it is larger.

    Examples:
        >>> check_at_most("dates", "size", 3, 4)

    Source:
        This project.

    Differs:
        nothing
    """
    if value > most:
        raise PfsValueError(
            "A01",
            where=f"{where}, {name}",
            expected=f"at most {most:,}",
            got=f"{value:,}",
            todo=f"choose a smaller {name}",
        )


def check_text(where: str, name: str, value: Any) -> None:
    """Refuse what is not a text.

    Args:
        where: The function.
        name: The argument.
        value: What was passed.

    Raises:
        TypeError: A02 if it is no `str`.

    Examples:
        >>> check_text("dates.read", "text", "2026-11-21")

    Source:
        This project.

    Differs:
        nothing
    """
    if not isinstance(value, str):
        raise PfsTypeError(
            "A02",
            where=f"{where}, {name}",
            expected="a text",
            got=type(value).__name__,
            todo=f"pass {name} as a str",
        )


def generator(seed: int) -> torch.Generator:
    """Make a source of randomness of its own.

    Args:
        seed: The seed.

    Returns:
        The generator; the caller's randomness is not touched.

    Examples:
        >>> int(torch.randint(9, (1,), generator=generator(0))) < 9
        True

    Source:
        This project.

    Differs:
        nothing
    """
    return torch.Generator().manual_seed(seed)


def below(high: int, source: torch.Generator) -> int:
    """Draw a whole number.

    Args:
        high: The number is below it, and at least 0.
        source: Where the randomness comes from.

    Returns:
        The number.

    Examples:
        >>> below(1, generator(0))
        0

    Source:
        This project.

    Differs:
        nothing
    """
    return int(torch.randint(high, (1,), generator=source))


def pick(things: Sequence[Thing], source: torch.Generator) -> Thing:
    """Draw one of several things.

    Args:
        things: The things.
        source: Where the randomness comes from.

    Returns:
        One of them.

    Examples:
        >>> pick(["a"], generator(0))
        'a'

    Source:
        This project.

    Differs:
        nothing
    """
    return things[below(len(things), source)]


def split(things: Sequence[Thing]) -> dict[str, tuple[Thing, ...]]:
    """Cut examples into 80, 10 and 10 in a hundred.

    Args:
        things: The examples, in random order and each once.

    Returns:
        The three parts of `SPLITS`.

    Examples:
        >>> {name: len(part) for name, part in split(range(100)).items()}
        {'train': 80, 'validation': 10, 'test': 10}

    Source:
        This project.

    Differs:
        nothing
    """
    first, second = len(things) * 8 // 10, len(things) * 9 // 10
    return {
        "train": tuple(things[:first]),
        "validation": tuple(things[first:second]),
        "test": tuple(things[second:]),
    }
