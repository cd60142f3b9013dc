"""Reduce a text to its letters."""

import re
import unicodedata
import warnings
from typing import Literal

from pfs.errors import PfsValueError
from pfs.text.vocabulary import normalize


def letters_and_spaces(text: str, edition: Literal[1, 2] = 2) -> str:
    r"""Keep letters, lower-case them, put one space for everything between.

    The d2l book cleans The Time Machine this way, differently in its two
    editions, so their perplexities cannot be compared. The first edition
    cleans line by line and joins the lines with nothing between, so that
    words run together at every line end: 170,580 characters. The second
    cleans the whole text at once: 173,428 characters, and words stay words.
    **The second is the default here.**

    Args:
        text: Any text, in any script.
        edition: 2 to clean the whole text, 1 to clean line by line.

    Returns:
        Letters and single spaces.

    Raises:
        ValueError: A01 if the edition is neither 1 nor 2, X04 if the text
            holds half a character.

    Examples:
        >>> letters_and_spaces("The Time Machine,\nby H. G. Wells [1898]")
        'the time machine by h g wells '
        >>> letters_and_spaces("The Time Machine,\nby H. G. Wells", edition=1)
        'the time machineby h g wells'
        >>> letters_and_spaces("我们去，1시에!")
        '我们去 시에 '

    Source:
        Zhang et al., Dive into Deep Learning, section 9.2 (both editions).

    Differs:
        The book keeps `[A-Za-z]` only, which leaves nothing of a Korean or
        Chinese text; here letters of every script and their marks are kept.
        The Time Machine is the same either way, character for character.
    """
    if edition in (1, 2):
        text = normalize(text)
        _warn_of_loss(text)
    if edition == 2:
        return _letters(text).lower()
    if edition == 1:
        lines = text.split("\n")
        return "".join(_letters(line).strip().lower() for line in lines)
    raise PfsValueError(
        "A01",
        where="letters_and_spaces, edition",
        expected="1 or 2",
        got=repr(edition),
        todo="leave it out for the second edition's way",
    )


def _warn_of_loss(text: str) -> None:
    """Say so if the text was not made of letters to begin with (X05)."""
    visible = [symbol for symbol in text if not symbol.isspace()]
    kept = sum(unicodedata.category(s)[0] in "LM" for s in visible)
    if kept >= 0.5 * len(visible):
        return
    fault = PfsValueError(
        "X05",
        where="letters_and_spaces",
        expected="a text of which at least half are letters",
        got=f"{kept / len(visible):.0%}: the rest is dropped",
        todo="train on the text as it is: letters=false",
    )
    warnings.warn(str(fault), stacklevel=3)


def _letters(text: str) -> str:
    """Put one space for every run of characters that are not letters."""
    kept = (
        symbol if unicodedata.category(symbol)[0] in "LM" else " "
        for symbol in text
    )
    return re.sub(" +", " ", "".join(kept))
