r"""WordPiece: BERT's tokenizer.

Devlin et al. (2019), and the code they released: a text is cut into words, a
word into the longest pieces that the vocabulary has. Every token knows which
stretch of the text it came from, so an answer can be pointed at.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import torch

from pfs.errors import PfsTypeError, PfsValueError
from pfs.shapes import Int, Tensor
from pfs.text.ids import whole_numbers
from pfs.text.vocabulary import Vocabulary
from pfs.text.words import Letter, traced_words

CONTINUES: Final = "##"
"""How a piece begins that does not begin its word."""
MARKS: Final = ("[CLS]", "[SEP]")
"""What stands before the first text, and behind each."""


class Token(NamedTuple):
    """A token, and where it was in the original: `text[start:end]`."""

    id: int
    """Its number in the vocabulary."""
    start: int
    """Where the stretch begins that it stands for."""
    end: int
    """Where that stretch has ended: one after its last character."""


class Encoding(NamedTuple):
    """What BERT reads: one or two texts, with the marks between them."""

    ids: Int[Tensor, " time"]
    """The tokens' numbers."""
    types: Int[Tensor, " time"]
    """0 up to the first `[SEP]` and for it, 1 for what follows."""
    offsets: Int[Tensor, "time 2"]
    """Where each token was in its own text: start and end; 0 and 0 for a
    mark."""


class WordPiece:
    r"""Words, cut into the longest pieces that a vocabulary has.

    Args:
        vocabulary: The tokens in the order of their ids, among them `[UNK]`,
            `[CLS]` and `[SEP]`: `load("bert-uncased-vocab")`. A token with
            `##` before it continues a word.
        lower_case: As of `traced_words`.
        strip_accents: As of `traced_words`.
        longest_word: A word of more characters becomes `[UNK]`; at least 1.

    Raises:
        ValueError: A01 if a token stands twice or `longest_word` is below 1,
            A03 if one of the three marks is missing, X06 if there is no
            token.
        TypeError: A02 if `longest_word` is not a whole number.

    Examples:
        >>> pieces = ["[UNK]", "[CLS]", "[SEP]", "un", "##want", "##ed", "!"]
        >>> wordpiece = WordPiece(pieces)
        >>> wordpiece.encode("Unwanted zoo!").tolist()
        [3, 4, 5, 0, 6]
        >>> wordpiece.decode([3, 4, 5, 0, 6])
        'unwanted [UNK] !'

    Source:
        Devlin et al. (2019), released code: `tokenization.py`.

    Differs:
        - `longest_word` is 100; later the released code took 200.
        - Characters for private use and those that Unicode has not assigned
          are kept, as in the later code, and become `[UNK]`.
        - `[MASK]` in a text is three words and no mark, as in the released
          code.
    """

    def __init__(
        self,
        vocabulary: Iterable[str],
        *,
        lower_case: bool = True,
        strip_accents: bool = True,
        longest_word: int = 100,
    ) -> None:
        self.tokens = Vocabulary(vocabulary, unknown="[UNK]").symbols
        self.lower_case = lower_case
        self.strip_accents = strip_accents
        self.longest_word = longest_word
        self.ids = {token: i for i, token in enumerate(self.tokens)}

        for mark in MARKS:
            if mark not in self.ids:
                raise PfsValueError(
                    "A03",
                    where="WordPiece, vocabulary",
                    expected="[UNK], [CLS] and [SEP] among the tokens",
                    got=f"no {mark}",
                    todo=f"add {mark!r} to the tokens",
                )
        if type(longest_word) is not int:
            raise PfsTypeError(
                "A02",
                where="WordPiece, longest_word",
                expected="a whole number",
                got=repr(longest_word),
                todo="leave it out for BERT's 100",
            )
        if longest_word < 1:
            raise PfsValueError(
                "A01",
                where="WordPiece, longest_word",
                expected="at least 1",
                got=str(longest_word),
                todo="leave it out for BERT's 100",
            )

    def locate(self, text: str) -> list[Token]:
        """Turn a text into tokens that know where they were in it.

        Args:
            text: Any text.

        Returns:
            The tokens in the order of the text. Pieces of one Korean syllable
            have the same stretch; an unknown word is one token with the
            stretch of the word.

        Raises:
            ValueError: X04 if the text holds half a character.

        Examples:
            >>> pieces = ["[UNK]", "[CLS]", "[SEP]", "cafe", "##s"]
            >>> WordPiece(pieces).locate("Cafés, cafe")[:2]
            [Token(id=3, start=0, end=4), Token(id=4, start=4, end=5)]

        Source:
            Devlin et al. (2019), released code: `WordpieceTokenizer`.

        Differs:
            The released code keeps no places: it looks for them afterwards.
        """
        words = traced_words(
            text, lower_case=self.lower_case, strip_accents=self.strip_accents
        )
        return [token for word in words for token in self._pieces(word)]

    # --8<-- [start:pieces]
    def _pieces(self, word: list[Letter]) -> list[Token]:
        """Take the longest piece that fits, again and again."""
        spelled = "".join(letter.symbol for letter in word)
        unknown = [Token(self.ids["[UNK]"], word[0].start, word[-1].end)]
        if len(spelled) > self.longest_word:
            return unknown

        pieces: list[Token] = []
        start = 0
        while start < len(spelled):
            before = CONTINUES if start else ""
            for end in range(len(spelled), start, -1):
                piece = self.ids.get(before + spelled[start:end])
                if piece is not None:
                    break
            else:
                return unknown
            pieces.append(Token(piece, word[start].start, word[end - 1].end))
            start = end
        return pieces

    # --8<-- [end:pieces]
    def encode(self, text: str) -> Int[Tensor, " time"]:
        """Turn a text into ids, without marks.

        Args:
            text: Any text.

        Returns:
            The ids.

        Raises:
            ValueError: X04 if the text holds half a character.

        Examples:
            >>> WordPiece(["[UNK]", "[CLS]", "[SEP]", "a"]).encode("A b")
            tensor([3, 0])

        Source:
            Devlin et al. (2019), released code: `FullTokenizer`.

        Differs:
            nothing
        """
        ids = [token.id for token in self.locate(text)]
        return torch.tensor(ids, dtype=torch.int64)

    def encode_pair(self, first: str, second: str | None = None) -> Encoding:
        """Turn one or two texts into BERT's input.

        Args:
            first: The first text, such as a question.
            second: The second text, such as the passage with the answer.

        Returns:
            `[CLS] first [SEP]`, and if there is a second text
            `second [SEP]`: ids, types and offsets.

        Raises:
            ValueError: X04 if a text holds half a character.

        Examples:
            >>> wordpiece = WordPiece(["[UNK]", "[CLS]", "[SEP]", "a", "b"])
            >>> wordpiece.encode_pair("a", "b a")
            Encoding(ids=tensor([1, 3, 2, 4, 3, 2]),
                     types=tensor([0, 0, 0, 1, 1, 1]),
                     offsets=tensor([[0, 0], [0, 1], [0, 0],
                                     [0, 1], [2, 3], [0, 0]]))

        Source:
            Devlin et al. (2019), section 3 and figure 2.

        Differs:
            Nothing is cut off: the caller knows what may be.
        """
        start, separator = (Token(self.ids[m], 0, 0) for m in MARKS)
        tokens = [start, *self.locate(first), separator]
        types = [0] * len(tokens)
        if second is not None:
            tokens += [*self.locate(second), separator]
            types += [1] * (len(tokens) - len(types))
        return Encoding(
            ids=torch.tensor([token.id for token in tokens]),
            types=torch.tensor(types),
            offsets=torch.tensor([token[1:] for token in tokens]),
        )

    def decode(self, ids: Int[Tensor, " time"] | Sequence[int]) -> str:
        """Turn ids into words with a space between.

        Args:
            ids: Ids of this vocabulary.

        Returns:
            The words; what was lower-cased, bare, unknown or not a single
            space stays so. For the text itself use `locate`.

        Raises:
            IndexError: S09 if there is no such id.
            TypeError: S01 if the ids are not whole numbers.

        Examples:
            >>> pieces = ["[UNK]", "[CLS]", "[SEP]", "un", "##do"]
            >>> WordPiece(pieces).decode([1, 3, 4, 3, 2])
            '[CLS] undo un [SEP]'

        Source:
            This project.

        Differs:
            nothing
        """
        numbers = whole_numbers(ids, len(self), "WordPiece.decode")
        text = " ".join(self.tokens[i] for i in numbers)
        return text.replace(f" {CONTINUES}", "")

    def __len__(self) -> int:
        """Count the tokens."""
        return len(self.tokens)
