r"""Pairs of texts for BERT: does the second follow the first?

Devlin et al. (2019), section 3.1 and figure 2. Note: notes/bert
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import torch

from pfs.errors import PfsValueError
from pfs.shapes import Bool, Int, Tensor


class Pair(NamedTuple):
    """Two texts, and whether the second is a random one.

    Source:
        Devlin et al. (2019), section 3.1.

    Differs:
        nothing
    """

    first: Sequence[int]
    """The pieces of the first."""
    second: Sequence[int]
    """The pieces of the second."""
    random: bool
    """Whether it does not follow the first."""


class Pairs(NamedTuple):
    """A batch of pairs, ready to be read.

    Source:
        Devlin et al. (2019), figure 2.

    Differs:
        nothing
    """

    ids: Int[Tensor, "batch time"]
    """`[CLS] first [SEP] second [SEP]`, then padding."""
    types: Int[Tensor, "batch time"]
    """0 up to the first `[SEP]` and for it, 1 up to the second, then 0."""
    padding: Bool[Tensor, "batch time"]
    """`True` where there is padding."""
    random: Int[Tensor, " batch"]
    """1 where the second text is a random one."""


def next_sentence_pairs(
    documents: Sequence[Sequence[Sequence[int]]],
    generator: torch.Generator | None = None,
) -> list[Pair]:
    """Pair every sentence with the next, or as often with a random one.

    Args:
        documents: Texts, each a list of sentences in their order, each
            sentence its word pieces.
        generator: Where the chance comes from; torch's own if `None`.

    Returns:
        A pair for every sentence that has a next one. The random sentence
        comes from another document.

    Raises:
        ValueError: A01 if there are fewer than two documents or one is empty.

    Examples:
        >>> pairs = next_sentence_pairs([[[1], [2], [3]], [[4], [5]]])
        >>> [list(pair.first) for pair in pairs]
        [[1], [2], [4]]

    Source:
        Devlin et al. (2019), section 3.1, "Next Sentence Prediction".

    Differs:
        In the released code a "sentence" is as many sentences as fit, up to
        512 pieces.
    """
    if len(documents) < 2 or not all(documents):
        raise PfsValueError(
            "A01",
            where="next_sentence_pairs, documents",
            expected="at least two documents with a sentence each",
            got=f"{[len(document) for document in documents[:9]]} sentences",
            todo="split the text, for instance at blank lines",
        )

    def draw(below: int) -> int:
        return int(torch.randint(below, (), generator=generator))

    # --8<-- [start:pairs]
    pairs = []
    for here, document in enumerate(documents):
        for first, following in pairwise(document):
            random = draw(2) == 1
            second = following
            if random:
                there = draw(len(documents) - 1)
                other = documents[there + (there >= here)]
                second = other[draw(len(other))]
            pairs.append(Pair(first, second, random))
    return pairs
    # --8<-- [end:pairs]


def assemble(
    pairs: Sequence[Pair], marks: tuple[int, int, int], length: int
) -> Pairs:
    """Put the marks between the texts and make all rows equally long.

    Args:
        pairs: The pairs.
        marks: The ids of `[CLS]`, `[SEP]` and `[PAD]`.
        length: Places of a row. While a pair is too long, the longer text
            loses its last piece.

    Returns:
        The batch.

    Raises:
        ValueError: A01 if no piece fits between the marks.

    Examples:
        >>> batch = assemble([Pair([7], [8, 9], False)], (1, 2, 0), length=8)
        >>> batch.ids.tolist(), batch.types.tolist()
        ([[1, 7, 2, 8, 9, 2, 0, 0]], [[0, 0, 0, 1, 1, 1, 0, 0]])

    Source:
        Devlin et al. (2019), figure 2; the released
        `create_pretraining_data.py`.

    Differs:
        The released code cuts at the front or at the end by chance.
    """
    if length < 5:
        raise PfsValueError(
            "A01",
            where="assemble, length",
            expected="at least 5: three marks and a piece of each text",
            got=str(length),
            todo="take a larger length, such as 128",
        )
    start, separator, padding = marks
    ids, types = [], []
    for pair in pairs:
        a, b = list(pair.first), list(pair.second)
        while len(a) + len(b) > length - 3:
            (a if len(a) > len(b) else b).pop()
        row = [start, *a, separator, *b, separator]
        short = length - len(row)
        ids.append(row + [padding] * short)
        types.append([0] * (len(a) + 2) + [1] * (len(b) + 1) + [0] * short)
    shape = (len(pairs), length)
    rows = torch.tensor(ids, dtype=torch.int64).reshape(shape)
    return Pairs(
        ids=rows,
        types=torch.tensor(types, dtype=torch.int64).reshape(shape),
        padding=rows == padding,
        random=torch.tensor([pair.random for pair in pairs]).long(),
    )
