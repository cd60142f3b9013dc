r"""Where an answer begins and ends: the best legal pair, and the loss.

Devlin et al. (2019), section 4.2. Note: notes/bert
"""

from typing import Final, NamedTuple

import torch

from pfs.errors import PfsValueError
from pfs.nn import checks, cross_entropy
from pfs.shapes import Bool, Float, Int, Tensor

LONGEST: Final = 30
"""Tokens of an answer, at most."""


class Span(NamedTuple):
    """Some places in a row, and how well they answer.

    Source:
        Devlin et al. (2019), section 4.2.

    Differs:
        nothing
    """

    start: int
    """The first place."""
    end: int
    """The last place."""
    score: float
    r"""$S \cdot h_i + E \cdot h_j$."""


def span_sums(
    start: Float[Tensor, "*batch time"],
    end: Float[Tensor, "*batch time"],
    allowed: Bool[Tensor, "*batch time"] | None = None,
    longest: int = LONGEST,
) -> Float[Tensor, "*batch time time"]:
    r"""Score every pair of a first and a last place.

    Args:
        start: The logits of the starts.
        end: The logits of the ends.
        allowed: `True` where an answer may be, such as the tokens of the
            paragraph; everywhere if `None`.
        longest: How many places an answer has at most.

    Returns:
        Entry (i, j) is the sum for an answer from i to j; minus infinity if
        it ends before it begins, is too long, or a place is not allowed.

    Raises:
        ValueError: A01 if `longest` is below 1, S14 if a shape does not fit.

    Examples:
        >>> span_sums(torch.tensor([0.0, 1.0]), torch.tensor([0.0, 2.0]))
        tensor([[0., 2.],
                [-inf, 3.]])

    Source:
        Devlin et al. (2019), section 4.2: "the maximum scoring span where
        $j \geq i$"; the released `run_squad.py` for the longest answer.

    Differs:
        nothing
    """
    checks.positive("span_sums", longest=longest)
    checks.shape("span_sums", "end", end, *start.shape)
    checks.shape("span_sums", "allowed", allowed, *start.shape)
    # --8<-- [start:sums]
    sums = start[..., :, None] + end[..., None, :]
    time = sums.shape[-1]
    ones = torch.ones(time, time, dtype=torch.bool, device=sums.device)
    legal = ones.triu() & ones.tril(longest - 1)  # i <= j < i + longest
    if allowed is not None:
        legal = legal & allowed[..., :, None] & allowed[..., None, :]
    return sums.masked_fill(~legal, -torch.inf)
    # --8<-- [end:sums]


def best_spans(
    start: Float[Tensor, " time"],
    end: Float[Tensor, " time"],
    allowed: Bool[Tensor, " time"] | None = None,
    longest: int = LONGEST,
    count: int = 1,
) -> list[Span]:
    r"""Find the best answers of one sequence.

    $$ (\hat\imath, \hat\jmath) = \operatorname*{arg\,max}_{i \le j < i + m}\;
    \mathrm{start}_i + \mathrm{end}_j \tag{9} $$

    Start and end are chosen together: the best of each alone need not be a
    span.

    Args:
        start: The logits of the starts.
        end: The logits of the ends.
        allowed: As of `span_sums`.
        longest: $m$, as of `span_sums`.
        count: How many are wanted.

    Returns:
        The best spans, the best first; fewer if there are no more.

    Raises:
        ValueError: As `span_sums`; A01 if `count` is below 1.

    Examples:
        >>> start, end = torch.tensor([[0.0, 5.0, 4.9], [5.0, 0.0, 4.8]])
        >>> best_spans(start, end)
        [Span(start=1, end=2, score=9.8...)]

    Source:
        Devlin et al. (2019), section 4.2.

    Differs:
        The released code looks among the 20 best starts and the 20 best ends
        only.
    """
    checks.positive("best_spans", count=count)
    sums = span_sums(start, end, allowed, longest)
    time = sums.shape[-1]
    # --8<-- [start:best]
    scores, places = sums.flatten().topk(min(count, time * time))  # (9)
    return [
        Span(place // time, place % time, score)
        for score, place in zip(scores.tolist(), places.tolist(), strict=True)
        if score > -torch.inf
    ]
    # --8<-- [end:best]


def span_loss(
    logits: tuple[Float[Tensor, "batch time"], Float[Tensor, "batch time"]],
    places: tuple[Int[Tensor, " batch"], Int[Tensor, " batch"]],
    allowed: Bool[Tensor, "batch time"] | None = None,
) -> Float[Tensor, ""]:
    r"""Ask for the right start and the right end.

    $$ \mathcal{L} = -\frac{1}{2B} \sum_b \bigl(\log p^{\mathrm{start}}_b[i_b]
    + \log p^{\mathrm{end}}_b[j_b]\bigr) \tag{10} $$

    Both are softmaxes over the places of a sequence.

    Args:
        logits: Of the starts and of the ends.
        places: The right first and last places $i_b$ and $j_b$; 0 and 0 where
            there is no answer.
        allowed: Over which places the softmax runs; over all if `None`.

    Returns:
        The loss in nats.

    Raises:
        ValueError: A01 if a right place is not allowed, S14 if a shape does
            not fit.

    Examples:
        >>> zeros, right = torch.zeros(2, 7), torch.tensor([0, 3])
        >>> span_loss((zeros, zeros), (right, right)).exp()
        tensor(7.0000)

    Source:
        Devlin et al. (2019), section 4.2; the half is in the released
        `run_squad.py`.

    Differs:
        The softmax of the released code runs over question and padding too.
    """
    losses = []
    for scores, place in zip(logits, places, strict=True):
        if allowed is not None:
            checks.shape("span_loss", "allowed", allowed, *scores.shape)
            if not allowed.gather(1, place[:, None]).all():
                raise PfsValueError(
                    "A01",
                    where="span_loss, places",
                    expected="places that are allowed",
                    got="one that is not",
                    todo="allow place 0 as well, for questions without an "
                    "answer",
                )
            lowest = torch.finfo(scores.dtype).min
            scores = scores.masked_fill(~allowed, lowest)
        losses.append(cross_entropy(scores, place))
    return (losses[0] + losses[1]) / 2  # (10)
