r"""Sentences as padded ids, with a beginning and an end.

Note: notes/seq2seq
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol, runtime_checkable

import torch

from pfs.errors import PfsValueError
from pfs.shapes import Int, Tensor
from pfs.text.ids import whole_numbers
from pfs.text.vocabulary import normalize

PAD: Final = 0
"""The id that fills a row behind its end."""
BOS: Final = 1
"""The id that the decoder reads first."""
EOS: Final = 2
"""The id that ends every sentence."""
SPECIAL: Final = 3
"""How many ids are taken before the first token of a text."""


@runtime_checkable
class Tokenizer(Protocol):
    """What numbers the tokens of a text: `Vocabulary`, `Words`, BPE ...

    Examples:
        >>> from pfs.text import Vocabulary
        >>> isinstance(Vocabulary("abc"), Tokenizer)
        True

    Source:
        This project.

    Differs:
        nothing
    """

    def encode(self, text: str) -> Int[Tensor, " time"]:
        """Turn a text into ids from 0."""

    def decode(self, ids: Sequence[int]) -> str:
        """Turn ids back into a text."""

    def __len__(self) -> int:
        """Count the ids."""


class Words:
    """Words as tokens: what stands between white space.

    Args:
        words: The words, each once, in the order of their ids.
        unknown: The word whose id other words get; one of `words`. `None`
            refuses them.

    Raises:
        ValueError: A03 if `unknown` is not one of `words`.

    Examples:
        >>> words = Words.from_texts(["one two", "two three"])
        >>> words.encode("three two")
        tensor([1, 2])
        >>> words.decode([0, 2])
        'one two'

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(
        self, words: Iterable[str], *, unknown: str | None = None
    ) -> None:
        self.words = tuple(dict.fromkeys(words))
        self.unknown = unknown
        self._ids = {word: i for i, word in enumerate(self.words)}
        if unknown is not None and unknown not in self._ids:
            raise PfsValueError(
                "A03",
                where="Words, unknown",
                expected="one of the words",
                got=repr(unknown),
                todo=f"add {unknown!r} to the words",
            )

    @classmethod
    def from_texts(
        cls,
        texts: Iterable[str],
        *,
        unknown: str | None = None,
        least: int = 1,
    ) -> "Words":
        """Collect the words of texts, in alphabetical order.

        Args:
            texts: The texts.
            unknown: A word for all others, such as `"<unk>"`: it gets id 0.
            least: How often a word must occur to get an id of its own.

        Returns:
            The vocabulary.
        """
        counts: dict[str, int] = {}
        for text in texts:
            for word in normalize(text).split():
                counts[word] = counts.get(word, 0) + 1
        known = sorted(w for w, n in counts.items() if n >= least)
        first = [] if unknown is None else [unknown]
        return cls([*first, *known], unknown=unknown)

    def encode(self, text: str) -> Int[Tensor, " time"]:
        """Turn a text into ids, one a word.

        Args:
            text: The text; it is normalized first.

        Returns:
            The ids.

        Raises:
            ValueError: X08 if a word is not known and there is no `unknown`.
        """
        ids = []
        for word in normalize(text).split():
            if word not in self._ids and self.unknown is None:
                raise PfsValueError(
                    "X08",
                    where=f"Words.encode, text {text[:60]!r}",
                    expected=f"one of the {len(self)} words",
                    got=repr(word),
                    todo="collect the words from texts that hold it, "
                    'or with unknown="<unk>"',
                )
            ids.append(self._ids.get(word, self._ids.get(str(self.unknown), 0)))
        return torch.tensor(ids, dtype=torch.int64)

    def decode(self, ids: Int[Tensor, " time"] | Sequence[int]) -> str:
        """Turn ids back into words with a space between them.

        Args:
            ids: Ids of this vocabulary.

        Returns:
            The text.
        """
        numbers = whole_numbers(ids, len(self), "Words.decode")
        return " ".join(self.words[i] for i in numbers)

    def __len__(self) -> int:
        """Count the words."""
        return len(self.words)


class Padded(NamedTuple):
    """Sentences of different lengths in one tensor."""

    ids: Int[Tensor, "_batch _time"]
    """The ids; every row ends with `EOS` and is filled with `PAD`."""
    lengths: Int[Tensor, " _batch"]
    """How many ids of each row are real, `EOS` included."""


class Codec:
    """Turn sentences into padded ids and back.

    The ids of the tokenizer begin behind the three special ones: `PAD`,
    `BOS`, `EOS`.

    Args:
        tokenizer: What numbers the tokens from 0.

    Examples:
        >>> from pfs.text import Vocabulary
        >>> codec = Codec(Vocabulary("abc"))
        >>> padded = codec.encode(["cab", "a"])
        >>> padded.ids
        tensor([[5, 3, 4, 2],
                [3, 2, 0, 0]])
        >>> padded.lengths
        tensor([4, 2])
        >>> codec.decode(padded.ids)
        ['cab', 'a']

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer

    def __len__(self) -> int:
        """Count the ids, the special ones included."""
        return len(self.tokenizer) + SPECIAL

    def encode(self, texts: Sequence[str]) -> Padded:
        """Number the tokens of sentences; end each, then fill up.

        Args:
            texts: The sentences.

        Returns:
            Ids and lengths.
        """
        end = torch.tensor([EOS])
        rows = [
            torch.cat([self.tokenizer.encode(text) + SPECIAL, end])
            for text in texts
        ]
        lengths = torch.tensor([len(row) for row in rows], dtype=torch.int64)
        longest = int(lengths.max()) if rows else 0
        ids = torch.full((len(rows), longest), PAD)
        for row, padded in zip(rows, ids, strict=True):
            padded[: len(row)] = row
        return Padded(ids, lengths)

    def decode(self, ids: Int[Tensor, "batch time"]) -> list[str]:
        """Turn rows of ids into sentences, each up to its `EOS`.

        Args:
            ids: Ids, from `encode` or from a model.

        Returns:
            The sentences without special tokens.
        """
        texts = []
        for row in ids.tolist():
            real = row[: row.index(EOS)] if EOS in row else row
            known = [i - SPECIAL for i in real if i >= SPECIAL]
            texts.append(self.tokenizer.decode(known))
        return texts
