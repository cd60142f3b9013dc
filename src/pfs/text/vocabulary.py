"""Symbols and their numbers."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

import torch

from pfs.errors import PfsValueError
from pfs.shapes import Int, Tensor
from pfs.text.ids import whole_numbers

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
"""A normal form of Unicode: NFC joins what belongs together (`é`, `각`)."""


def normalize(text: str, form: Form | None = "NFC") -> str:
    r"""Bring a text into one normal form and refuse half characters.

    A Korean syllable can be one code point (NFC) or two to three letters
    (NFD, as macOS writes file names): they look the same and must be the same.

    Args:
        text: Any text.
        form: The normal form, or `None` to leave the text as it is.

    Returns:
        The same text to a reader, in one spelling to a program.

    Raises:
        ValueError: X04 if the text holds a lone surrogate, half of a pair
            that UTF-16 uses for one character.

    Examples:
        >>> len("\u1100\u1161\u11a8"), len(normalize("\u1100\u1161\u11a8"))
        (3, 1)

    Source:
        Unicode Standard Annex 15, by way of `unicodedata`.

    Differs:
        nothing
    """
    for place, symbol in enumerate(text):
        if "\ud800" <= symbol <= "\udfff":
            raise PfsValueError(
                "X04",
                where=f"character {place + 1} of the text",
                expected="whole characters",
                got=f"the lone surrogate U+{ord(symbol):04X}",
                todo="read the text again as UTF-8, "
                'or drop it: text.encode("utf-8", "ignore").decode("utf-8")',
            )
    return text if form is None else unicodedata.normalize(form, text)


class Vocabulary:
    r"""A list of symbols: a symbol's place in it is its id.

    A symbol is one character (one code point) of the normalized text.

    Args:
        symbols: The symbols, each once, in the order of their ids.
        unknown: The symbol whose id unknown symbols get; it must be one of
            `symbols`. `None` refuses unknown symbols.
        normalization: The normal form that `encode` brings a text into.

    Raises:
        ValueError: A01 if a symbol stands twice, A03 if `unknown` is not in
            the list, X06 if there is no symbol.

    Examples:
        >>> vocabulary = Vocabulary.from_text("나비가 나비를")
        >>> vocabulary.symbols
        (' ', '가', '나', '를', '비')
        >>> vocabulary.encode("나비")
        tensor([2, 4])
        >>> vocabulary.decode([2, 4])
        '나비'

    Source:
        This project.

    Differs:
        d2l's `Vocab` sorts by frequency and always adds `<unk>`; here the
        order is that of the code points, and an unknown symbol is an error
        unless `unknown` is given.
    """

    def __init__(
        self,
        symbols: Iterable[str],
        *,
        unknown: str | None = None,
        normalization: Form | None = "NFC",
    ) -> None:
        self.symbols = tuple(symbols)
        self.unknown = unknown
        self.normalization: Form | None = normalization
        self._ids = {symbol: i for i, symbol in enumerate(self.symbols)}

        if not self.symbols:
            raise PfsValueError(
                "X06",
                where="Vocabulary, symbols",
                expected="at least one symbol",
                got="none",
                todo="pass the symbols, or a text to Vocabulary.from_text",
            )
        if len(self._ids) < len(self.symbols):
            places = enumerate(self.symbols)
            twice = next(s for i, s in places if self._ids[s] != i)
            raise PfsValueError(
                "A01",
                where="Vocabulary, symbols",
                expected="every symbol once",
                got=f"{twice!r} more than once",
                todo="remove the repetition: tuple(dict.fromkeys(symbols))",
            )
        if unknown is not None and unknown not in self._ids:
            raise PfsValueError(
                "A03",
                where="Vocabulary, unknown",
                expected="one of the symbols",
                got=repr(unknown),
                todo=f"add {unknown!r} to the symbols",
            )

    @classmethod
    def from_text(
        cls,
        text: str,
        *,
        unknown: str | None = None,
        normalization: Form | None = "NFC",
    ) -> "Vocabulary":
        """Collect the symbols of a text, in the order of their code points.

        Args:
            text: The text; it may not be empty.
            unknown: A symbol for everything else, such as `"<unk>"`: it gets
                id 0. `None` refuses unknown symbols.
            normalization: The normal form, or `None` to keep the text as is.

        Returns:
            The vocabulary.

        Raises:
            ValueError: X06 if the text is empty, X04 if it holds half a
                character.

        Examples:
            >>> Vocabulary.from_text("abba", unknown="<unk>").symbols
            ('<unk>', 'a', 'b')

        Source:
            This project.

        Differs:
            nothing
        """
        symbols = sorted(set(normalize(text, normalization)) - {unknown})
        if not symbols:
            raise PfsValueError(
                "X06",
                where="Vocabulary.from_text, text",
                expected="at least one character",
                got="an empty text",
                todo="pass the text that the vocabulary is for",
            )
        return cls(
            ([] if unknown is None else [unknown]) + symbols,
            unknown=unknown,
            normalization=normalization,
        )

    def encode(self, text: str) -> Int[Tensor, " time"]:
        """Turn a text into ids, one a character.

        Args:
            text: The text; it is normalized first.

        Returns:
            The ids.

        Raises:
            ValueError: X08 if a symbol is not in the vocabulary and there is
                no `unknown`, X04 if the text holds half a character.

        Examples:
            >>> Vocabulary("abc").encode("cab")
            tensor([2, 0, 1])

        Source:
            This project.

        Differs:
            nothing
        """
        text = normalize(text, self.normalization)
        default = -1 if self.unknown is None else self._ids[self.unknown]
        ids = [self._ids.get(symbol, default) for symbol in text]
        if default < 0 and -1 in ids:
            place = ids.index(-1)
            raise PfsValueError(
                "X08",
                where=f"character {place + 1} of the text",
                expected=f"one of the {len(self)} symbols of the vocabulary",
                got=f"{text[place]!r} (U+{ord(text[place]):04X})",
                todo="leave it out, or make the vocabulary from a text that "
                'holds it, or with unknown="<unk>"',
            )
        return torch.tensor(ids, dtype=torch.int64)

    def decode(self, ids: Int[Tensor, " time"] | Sequence[int]) -> str:
        """Turn ids back into text: the inverse of `encode`.

        Args:
            ids: Ids of this vocabulary.

        Returns:
            The text, normalized if it was.

        Raises:
            IndexError: S09 if an id is not in the vocabulary.
            TypeError: S01 if the ids are not whole numbers.

        Examples:
            >>> Vocabulary("abc").decode([2, 0, 1])
            'cab'

        Source:
            This project.

        Differs:
            nothing
        """
        numbers = whole_numbers(ids, len(self), "Vocabulary.decode")
        return "".join(self.symbols[i] for i in numbers)

    def __len__(self) -> int:
        """Count the symbols."""
        return len(self.symbols)

    def __contains__(self, symbol: object) -> bool:
        """Whether a symbol has an id of its own."""
        return symbol in self._ids

    def __eq__(self, other: object) -> bool:
        """Whether both give every text the same ids."""
        return isinstance(other, Vocabulary) and (
            self.symbols,
            self.unknown,
            self.normalization,
        ) == (other.symbols, other.unknown, other.normalization)

    def __hash__(self) -> int:
        return hash((self.symbols, self.unknown, self.normalization))

    def __repr__(self) -> str:
        return f"Vocabulary({len(self)} symbols, unknown={self.unknown!r})"
