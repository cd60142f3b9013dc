r"""Pairs of sentences as padded tensors, and the loss over their real tokens.

Note: notes/seq2seq
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch

from pfs.errors import PfsValueError
from pfs.nn import checks, cross_entropy
from pfs.shapes import Float, Int, Tensor
from pfs.translation.codec import BOS, EOS, PAD, Codec, Padded, Words

__all__ = [
    "BOS",
    "EOS",
    "PAD",
    "Codec",
    "Padded",
    "PairBatch",
    "Words",
    "pair_batches",
    "sequence_loss",
    "shift",
]


class PairBatch(NamedTuple):
    """A batch for a model of translation."""

    source: Int[Tensor, "_batch _source"]
    """The sources, cut after the longest."""
    lengths: Int[Tensor, " _batch"]
    """How many ids of each source are real."""
    target: Int[Tensor, "_batch _target"]
    """The targets, cut after the longest; `shift` makes the inputs of them."""


def pair_batches(
    source: Padded,
    target: Padded,
    batch_size: int,
    generator: torch.Generator | None = None,
) -> Iterator[PairBatch]:
    """Go through pairs once, in random order.

    Args:
        source: The sources.
        target: Their translations, row by row.
        batch_size: How many pairs a batch has; the last may have fewer.
        generator: Where the randomness comes from.

    Yields:
        The batches.

    Returns:
        An iterator.

    Raises:
        ValueError: A01 if `batch_size` is not above 0, A03 if there are not as
            many targets as sources.

    Examples:
        >>> from pfs.text import Vocabulary
        >>> padded = Codec(Vocabulary("ab")).encode(["a", "ab", "b"])
        >>> [len(b.source) for b in pair_batches(padded, padded, 2)]
        [2, 1]

    Source:
        This project.

    Differs:
        nothing
    """
    checks.positive("pair_batches", batch_size=batch_size)
    if len(source.ids) != len(target.ids):
        raise PfsValueError(
            "A03",
            where="pair_batches",
            expected="one target for each source",
            got=f"{len(source.ids)} sources and {len(target.ids)} targets",
            todo="encode both sides of the same pairs",
        )
    for rows in torch.randperm(len(source.ids), generator=generator).split(
        batch_size
    ):
        lengths, ends = source.lengths[rows], target.lengths[rows]
        yield PairBatch(
            source.ids[rows, : int(lengths.max())],
            lengths,
            target.ids[rows, : int(ends.max())],
        )


# --8<-- [start:shift]
def shift(
    target: Int[Tensor, "batch time"], bos: int = BOS
) -> Int[Tensor, "batch time"]:
    r"""Return what the decoder reads while it is to write `target`.

    Teacher forcing: at step $t$ it reads the true $y_{t-1}$, first `<bos>`.

    Args:
        target: What is to be written, $y_1, \dots, y_n$, `<eos>` at the end.
        bos: The id that comes first.

    Returns:
        `<bos>`, $y_1, \dots, y_{n-1}$.

    Examples:
        >>> shift(torch.tensor([[7, 8, 2], [9, 2, 0]]))
        tensor([[1, 7, 8],
                [1, 9, 2]])

    Source:
        Williams & Zipser (1989), who call it teacher forcing.

    Differs:
        nothing
    """
    first = torch.full_like(target[:, :1], bos)
    return torch.cat([first, target[:, :-1]], 1)
    # --8<-- [end:shift]


# --8<-- [start:loss]
def sequence_loss(
    logits: Float[Tensor, "batch time vocab"],
    target: Int[Tensor, "batch time"],
    pad: int = PAD,
    *,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> Float[Tensor, "*loss"]:
    r"""Return the cross entropy of a token, averaged over the real tokens.

    $$ L = -\frac{1}{N} \sum_{b,t:\, y_{bt} \ne \text{pad}}
    \log p(y_{bt} \mid x_b, y_{b,<t}) \tag{7} $$

    $N$ is the number of real tokens of the batch; `<eos>` is one of them.

    Args:
        logits: What the model says at every position.
        target: The true tokens $y$, filled with `pad` behind their end.
        pad: The id that does not count.
        label_smoothing: The share spread evenly over all tokens.
        reduction: `"mean"` over the real tokens, `"sum"`, or `"none"`.

    Returns:
        One number, or (batch, time) with `reduction="none"`: 0 where `pad` is.

    Raises:
        ValueError: S14 if the shapes do not fit, A01 if an option is out of
            range.
        IndexError: S09 if a target is not one of the tokens.

    Examples:
        >>> target = torch.tensor([[5, 2, 0, 0]])
        >>> sequence_loss(torch.zeros(1, 4, 8), target).exp()
        tensor(8.)

    Source:
        Sutskever, Vinyals & Le (2014), section 3.2.

    Differs:
        The paper adds up the tokens of a sentence and takes the mean over
        sentences; here every token of the batch weighs the same.
    """
    checks.shape("sequence_loss", "target", target, *logits.shape[:2])
    return cross_entropy(
        logits.movedim(-1, 1),
        target,
        ignore_index=pad,
        label_smoothing=label_smoothing,
        reduction=reduction,
    )  # (7)
    # --8<-- [end:loss]
