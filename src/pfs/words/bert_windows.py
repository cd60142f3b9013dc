r"""A long paragraph in pieces that BERT can read, each with the question.

Devlin et al. (2019), section 4.2; the released `run_squad.py`.
Note: notes/bert
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import torch

from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.shapes import Bool, Int, Tensor
from pfs.text.wordpiece import Token, WordPiece

LENGTH: Final = 384
"""Places of a window."""
STRIDE: Final = 128
"""Tokens between the beginnings of two windows."""
QUESTION: Final = 64
"""Tokens of a question, at most; the rest is cut off."""
MARKS: Final = 3
"""`[CLS]`, and a `[SEP]` behind question and paragraph."""


class Window(NamedTuple):
    """`[CLS] question [SEP] some of the paragraph [SEP]`.

    Source:
        Devlin et al. (2019), section 4.2.

    Differs:
        nothing
    """

    ids: tuple[int, ...]
    """The word pieces."""
    types: tuple[int, ...]
    """0 up to the first `[SEP]` and for it, 1 for what follows."""
    tokens: tuple[Token, ...]
    """The tokens of the paragraph that it holds, with their places in it."""
    offset: int
    """At which place of the window the first of them is."""
    own: tuple[bool, ...]
    """For each of them whether no other window gives it more context."""
    hidden: tuple[int, int]
    """Where the token before the window has ended, and where the one behind
    it begins, in characters."""

    def stretch(self, start: int, end: int) -> tuple[int, int] | None:
        """Return which characters of the paragraph some places stand for.

        Args:
            start: The first place, counted from `[CLS]`.
            end: The last place.

        Returns:
            Where the characters begin and have ended; `None` if one of the
            places is no token of the paragraph.
        """
        first, last = start - self.offset, end - self.offset
        if not 0 <= first <= last < len(self.tokens):
            return None
        return self.tokens[first].start, self.tokens[last].end


class Batch(NamedTuple):
    """Windows side by side.

    Source:
        This project.

    Differs:
        nothing
    """

    ids: Int[Tensor, "batch time"]
    """The word pieces, then padding."""
    types: Int[Tensor, "batch time"]
    """The segments; 0 for padding."""
    padding: Bool[Tensor, "batch time"]
    """`True` where there is padding."""
    paragraph: Bool[Tensor, "batch time"]
    """`True` where a token of the paragraph is: where an answer may be."""


def windows(
    question: str,
    paragraph: str,
    wordpiece: WordPiece,
    *,
    length: int = LENGTH,
    stride: int = STRIDE,
    question_length: int = QUESTION,
) -> list[Window]:
    r"""Cut a paragraph into windows that overlap.

    A token in the overlap belongs to the window in which it has the most
    context, the smaller of what stands to its left and to its right:

    $$ w^*(k) = \operatorname*{arg\,max}_{w \ni k} \;
    \min(k - \mathrm{first}_w,\; \mathrm{last}_w - k) $$

    Of two equals the longer window wins, then the first.

    Args:
        question: The question.
        paragraph: The text that is asked about.
        wordpiece: The tokenizer.
        length: Places of a window, with the question and the marks.
        stride: How many tokens later the next window begins.
        question_length: How many tokens of the question are kept.

    Returns:
        The windows, at least one; the last one ends with the paragraph.

    Raises:
        ValueError: A01 if a number is not above 0, or no token of the
            paragraph fits beside the question; X04 if a text holds half a
            character.

    Examples:
        >>> wordpiece = WordPiece(["[UNK]", "[CLS]", "[SEP]", *"abcdef?"])
        >>> found = windows("?", "a b c d e f", wordpiece, length=8, stride=2)
        >>> [wordpiece.decode(w.ids) for w in found]
        ['[CLS] ? [SEP] a b c d [SEP]', '[CLS] ? [SEP] c d e f [SEP]']
        >>> [w.own for w in found]
        [(True, True, True, False), (False, True, True, True)]

    Source:
        The released `run_squad.py`: `convert_examples_to_features` and
        `_check_is_max_context`.

    Differs:
        Tokens know their places in the text; the released code cuts at
        blanks first and looks for the pieces afterwards.
    """
    checks.positive(
        "windows", length=length, stride=stride, question_length=question_length
    )
    asked = wordpiece.locate(question)[:question_length]
    room = length - MARKS - len(asked)
    if room < 1:
        raise PfsValueError(
            "A01",
            where="windows, length",
            expected=f"more than {len(asked) + MARKS} places, for the question "
            "and the marks",
            got=str(length),
            todo="take a larger length or a smaller question_length",
        )
    tokens = wordpiece.locate(paragraph)
    # --8<-- [start:windows]
    first, spans = 0, []
    while True:
        last = min(first + room, len(tokens)) - 1
        spans.append((first, last))
        if last == len(tokens) - 1:
            break
        first += min(room, stride)
    owners = _owners(len(tokens), spans)
    # --8<-- [end:windows]

    start, separator = wordpiece.ids["[CLS]"], wordpiece.ids["[SEP]"]
    before = [start, *(token.id for token in asked), separator]
    made = []
    for number, (first, last) in enumerate(spans):
        part = tokens[first : last + 1]
        ids = [*before, *(token.id for token in part), separator]
        types = [0] * len(before) + [1] * (len(part) + 1)
        own = [owners[k] == number for k in range(first, last + 1)]
        behind = last + 1 < len(tokens)
        end = tokens[last + 1].start if behind else len(paragraph)
        hidden = (tokens[first - 1].end if first else 0, end)
        known = (tuple(ids), tuple(types), tuple(part))
        made.append(Window(*known, len(before), tuple(own), hidden))
    return made


# --8<-- [start:owners]
def _owners(count: int, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Return for each token the window that gives it the most context."""
    best, owners = [-1.0] * count, [0] * count
    for number, (first, last) in enumerate(spans):
        longer = 0.01 * (last - first + 1)
        for k in range(first, last + 1):
            context = min(k - first, last - k) + longer
            if context > best[k]:
                best[k], owners[k] = context, number
    return owners


# --8<-- [end:owners]


# --8<-- [start:label]
def label(window: Window, start: int, end: int) -> tuple[int, int]:
    """Find the places of an answer in a window.

    Args:
        window: The window.
        start: Where the answer begins in the paragraph, in characters.
        end: Where it has ended: one after its last character.

    Returns:
        The first and the last place; 0 and 0, the places of `[CLS]`, if the
        window does not hold all of the answer.

    Examples:
        >>> wordpiece = WordPiece(["[UNK]", "[CLS]", "[SEP]", *"abcdef?"])
        >>> found = windows("?", "a b c d e f", wordpiece, length=8, stride=2)
        >>> [label(w, 2, 7) for w in found]  # "b c d"
        [(4, 6), (0, 0)]

    Source:
        The released `run_squad.py`: an answer out of the span.

    Differs:
        nothing. A comment in the released code says that a window without
        the answer is thrown out; its code points at `[CLS]`, as here.
    """
    touched = [
        place
        for place, token in enumerate(window.tokens, window.offset)
        if token.start < end and token.end > start
    ]
    before, behind = window.hidden
    if not touched or start < before or behind < end:
        return 0, 0
    return touched[0], touched[-1]


# --8<-- [end:label]


def collate(some: Sequence[Window], padding: int = 0) -> Batch:
    """Put windows side by side, the short ones filled up.

    Args:
        some: The windows.
        padding: The id of `[PAD]`.

    Returns:
        The batch, as long as the longest window.

    Examples:
        >>> wordpiece = WordPiece(["[UNK]", "[CLS]", "[SEP]", "a", "?"])
        >>> both = windows("?", "a", wordpiece) + windows("?", "a a", wordpiece)
        >>> batch = collate(both)
        >>> batch.paragraph.int()
        tensor([[0, 0, 0, 1, 0, 0],
                [0, 0, 0, 1, 1, 0]], dtype=torch.int32)

    Source:
        This project.

    Differs:
        nothing
    """
    longest = max((len(w.ids) for w in some), default=0)
    ids = torch.full((len(some), longest), padding)
    types = torch.zeros_like(ids)
    filled = torch.ones(ids.shape, dtype=torch.bool)
    paragraph = torch.zeros_like(filled)
    for row, w in enumerate(some):
        size = len(w.ids)
        ids[row, :size] = torch.tensor(w.ids)
        types[row, :size] = torch.tensor(w.types)
        filled[row, :size] = False
        paragraph[row, w.offset : w.offset + len(w.tokens)] = True
    return Batch(ids, types, filled, paragraph)
