"""Words as BERT sees them, each letter with its place in the text."""

import unicodedata
from functools import cache
from typing import Final, NamedTuple

from pfs.text.vocabulary import normalize

IDEOGRAPHS: Final = (
    *(range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00)),
    *(range(0x20000, 0x2A6E0), range(0x2A700, 0x2CEB0)),
    range(0x2F800, 0x2FA20),
)
"""The Chinese characters that BERT knows of: each is a word of its own."""


class Letter(NamedTuple):
    """A character of a cleaned text, and where it was in the original."""

    symbol: str
    """The character, lower-cased and bare if that was asked for."""
    start: int
    """Where the stretch begins that it stands for."""
    end: int
    """Where that stretch has ended: one after its last character."""


def traced_words(
    text: str, *, lower_case: bool = True, strip_accents: bool = True
) -> list[list[Letter]]:
    r"""Cut a text into words, Chinese characters and punctuation marks.

    Args:
        text: Any text.
        lower_case: Whether to write everything small.
        strip_accents: Whether to take accents off: `é` becomes `e`, and the
            Korean syllable `서` its two letters, for they are its normal form
            NFD.

    Returns:
        The words, letter by letter.

    Raises:
        ValueError: X04 if the text holds half a character.

    Examples:
        >>> words = traced_words("Él, 나\tnot 书店.", strip_accents=False)
        >>> ["".join(letter.symbol for letter in word) for word in words]
        ['él', ',', '나', 'not', '书', '店', '.']
        >>> words[0][0]
        Letter(symbol='é', start=0, end=1)

    Source:
        Devlin et al. (2019), released code: `BasicTokenizer`.

    Differs:
        - The released code has one switch for case and accents; `cased`
          models need both off, `uncased` ones both on.
        - An accent that is taken off belongs to the stretch of its letter.
        - Two marks with a width of their own stay in the order they are in,
          where NFD would sort them; no living script writes such a pair.
    """
    letters = _clean(normalize(text, None))
    if lower_case:
        letters = _lower(letters)
    if strip_accents:
        letters = _strip(letters)
    words: list[list[Letter]] = []
    inside = False
    for letter in letters:
        alone = _stands_alone(letter.symbol)
        if letter.symbol == " ":
            inside = False
        elif inside and not alone:
            words[-1].append(letter)
        else:
            words.append([letter])
            inside = not alone
    return words


def _clean(text: str) -> list[Letter]:
    """Drop what cannot be seen; make a space of everything that is one."""
    letters = []
    for place, symbol in enumerate(text):
        kind = unicodedata.category(symbol)
        if kind[0] == "Z" or symbol in "\t\n\r":
            letters.append(Letter(" ", place, place + 1))
        elif kind not in ("Cc", "Cf") and symbol != "\ufffd":
            letters.append(Letter(symbol, place, place + 1))
    return letters


def _lower(letters: list[Letter]) -> list[Letter]:
    """Lower-case all at once: a sigma at the end of a word has its own form.

    One character can become two, `İ` for one.
    """
    small = iter("".join(letter.symbol for letter in letters).lower())
    return [
        Letter(next(small), start, end)
        for symbol, start, end in letters
        for _ in symbol.lower()
    ]


def _strip(letters: list[Letter]) -> list[Letter]:
    """Take letters apart and drop the marks that have no width (Mn)."""
    bare: list[Letter] = []
    for symbol, start, end in letters:
        for part in unicodedata.normalize("NFD", symbol):
            if unicodedata.category(part) != "Mn":
                bare.append(Letter(part, start, end))
            elif bare:
                bare[-1] = bare[-1]._replace(end=end)
    return bare


@cache
def _stands_alone(symbol: str) -> bool:
    """Whether a character is a word: an ideograph or a punctuation mark.

    All of ASCII that is neither letter nor digit counts as punctuation.
    """
    code = ord(symbol)
    if code < 0x80:
        return "!" <= symbol <= "~" and not symbol.isalnum()
    if any(code in block for block in IDEOGRAPHS):
        return True
    return unicodedata.category(symbol)[0] == "P"
