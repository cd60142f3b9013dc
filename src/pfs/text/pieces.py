"""Pieces of a text: a Latin word with the space before it, or one character.

A middle way between characters and words that fits three scripts at once, and
loses nothing: the pieces put side by side are the text again.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import torch

from pfs.errors import PfsValueError
from pfs.shapes import Int, Tensor
from pfs.text.ids import whole_numbers
from pfs.text.vocabulary import normalize

PIECE: Final = re.compile(r" ?[A-Za-z\u00c0-\u024f]+(?:'[a-z]+)?|.", re.S)
"""A word of Latin letters with a space before it, or any one character."""
UNKNOWN: Final = "\ufffd"
"""What a piece that is not known is decoded to."""


class Pieces:
    """A list of pieces: the place of a piece in it is its id.

    Args:
        pieces: The pieces, each once, in the order of their ids.
        unknown: Whether there is one more id, the first, for other pieces.

    Raises:
        ValueError: A01 if a piece stands twice, X06 if there is none.

    Examples:
        >>> pieces = Pieces.from_texts(["twenty-one", "만 하나"])
        >>> pieces.pieces
        (' ', '-', 'one', 'twenty', '나', '만', '하')
        >>> pieces.decode(pieces.encode("one 만"))
        'one 만'

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(self, pieces: Iterable[str], *, unknown: bool = False) -> None:
        given = tuple(pieces)
        self.unknown = unknown
        self.pieces = ((UNKNOWN,) if unknown else ()) + given
        self._ids = {piece: i for i, piece in enumerate(self.pieces)}
        if not given:
            raise PfsValueError(
                "X06",
                where="Pieces, pieces",
                expected="at least one piece",
                got="none",
                todo="pass the pieces, or texts to Pieces.from_texts",
            )
        if len(self._ids) < len(self.pieces):
            twice = next(p for p, n in Counter(self.pieces).items() if n > 1)
            raise PfsValueError(
                "A01",
                where="Pieces, pieces",
                expected="every piece once",
                got=f"{twice!r} more than once",
                todo="remove the repetition: tuple(dict.fromkeys(pieces))",
            )

    @classmethod
    def from_texts(
        cls, texts: Iterable[str], *, least: int = 1, unknown: bool = False
    ) -> "Pieces":
        """Collect the pieces of texts, in the order of their code points.

        Args:
            texts: The texts.
            least: How often a piece must occur to get an id of its own.
            unknown: Whether other pieces get an id, together.

        Returns:
            The list.

        Raises:
            ValueError: X06 if the texts are empty.

        Examples:
            >>> texts = ["aa b", "aa"]
            >>> pieces = Pieces.from_texts(texts, least=2, unknown=True)
            >>> pieces.encode("aa b")
            tensor([1, 0])

        Source:
            This project.

        Differs:
            nothing
        """
        counts = Counter(p for text in texts for p in split(text))
        known = sorted(p for p, n in counts.items() if n >= least)
        return cls((p for p in known if p != UNKNOWN), unknown=unknown)

    def encode(self, text: str) -> Int[Tensor, " time"]:
        """Turn a text into ids.

        Args:
            text: The text; it is normalized first.

        Returns:
            The ids, one a piece.

        Raises:
            ValueError: X08 if a piece is not known and none is `unknown`.

        Examples:
            >>> Pieces(["a", " b"]).encode("a b")
            tensor([0, 1])

        Source:
            This project.

        Differs:
            nothing
        """
        found = split(text)
        if not self.unknown:
            for piece in found:
                if piece not in self._ids:
                    raise PfsValueError(
                        "X08",
                        where=f"Pieces.encode, text {text[:60]!r}",
                        expected=f"one of the {len(self)} known pieces",
                        got=repr(piece),
                        todo="write it with the words that the model has seen",
                    )
        ids = [self._ids.get(piece, 0) for piece in found]
        return torch.tensor(ids, dtype=torch.int64)

    def decode(self, ids: Int[Tensor, " time"] | Sequence[int]) -> str:
        """Turn ids back into a text.

        Args:
            ids: The ids.

        Returns:
            The text.

        Raises:
            IndexError: S09 if an id is outside the list.
            TypeError: A02 if an id is not a whole number.

        Examples:
            >>> Pieces(["a", " b"]).decode([0, 1])
            'a b'

        Source:
            This project.

        Differs:
            nothing
        """
        numbers = whole_numbers(ids, len(self), "Pieces.decode")
        return "".join(self.pieces[i] for i in numbers)

    def __len__(self) -> int:
        """Count the ids."""
        return len(self.pieces)


def split(text: str) -> list[str]:
    """Cut a text into its pieces.

    Args:
        text: The text; it is normalized first.

    Returns:
        The pieces, which are the text again if they are joined.

    Examples:
        >>> split("two hundred 삼백")
        ['two', ' hundred', ' ', '삼', '백']

    Source:
        This project.

    Differs:
        nothing
    """
    return PIECE.findall(normalize(text))
