r"""Let a model of translation write: greedily, by beam search, by sampling.

The three ask a model for the same two things: to read a source (`start`) and
to say, given the token that was written last, what may come next (`step`).
Note: notes/seq2seq
"""

from collections.abc import Callable
from typing import NamedTuple

import torch

from pfs.errors import PfsValueError
from pfs.nn import log_softmax
from pfs.shapes import Int, Tensor
from pfs.training.sampling import draw
from pfs.translation.beam import beam_search
from pfs.translation.translator import (
    Lengths,
    State,
    Translator,
    Written,
    check_end,
    check_request,
    judging,
    reorder,
)

__all__ = [
    "Lengths",
    "State",
    "Translator",
    "Written",
    "beam_search",
    "greedy",
    "reorder",
    "sample",
]


def greedy(
    model: Translator,
    source: Int[Tensor, "batch source"],
    lengths: Lengths = None,
    *,
    bos: int,
    eos: int,
    max_length: int,
) -> Written:
    r"""Take the likeliest token, again and again.

    $$ y_t = \arg\max_k \; p(k \mid x, y_{<t}) \tag{8} $$

    Args:
        model: The model; it is put into `eval` and back.
        source: The sources, padded behind their end.
        lengths: How many tokens of each source are real.
        bos: The id that the decoder reads first.
        eos: The id that ends a sequence.
        max_length: How many tokens to write at most, `<eos>` included.

    Returns:
        One sequence for each source. A row that has ended waits for the
        others; nothing that happens to them changes it.

    Raises:
        ValueError: A01 if `max_length` or an id is out of range, S14 if
            `source` has not two axes.
        TypeError: A02 if one of them is not a whole number.

    Examples:
        >>> from pfs.translation.seq2seq import TINY, Seq2Seq
        >>> source = torch.tensor([[3, 4, 2]])
        >>> written = greedy(Seq2Seq(TINY), source, bos=1, eos=2, max_length=5)
        >>> written.tokens.shape[0]
        1

    Source:
        Sutskever, Vinyals & Le (2014), section 3.2, with a beam of 1.

    Differs:
        nothing
    """

    def likeliest(logits: Tensor) -> Tensor:
        return logits.argmax(-1)  # (8)

    ends = _Ends(bos, eos, max_length)
    return _write(model, source, lengths, ends, likeliest)


def sample(
    model: Translator,
    source: Int[Tensor, "batch source"],
    lengths: Lengths = None,
    *,
    bos: int,
    eos: int,
    max_length: int,
    temperature: float = 1.0,
    generator: torch.Generator | None = None,
) -> Written:
    r"""Draw one sequence for each source.

    $$ y_t \sim \mathrm{softmax}(z_t / \tau) \tag{9} $$

    Args:
        model: The model, $z_t$ its logits; it is put into `eval` and back.
        source: The sources, padded behind their end.
        lengths: How many tokens of each source are real.
        bos: The id that the decoder reads first.
        eos: The id that ends a sequence.
        max_length: How many tokens to write at most, `<eos>` included.
        temperature: $\tau$: 1 draws as the model believes, 0 is `greedy`.
        generator: Where the randomness comes from.

    Returns:
        One sequence for each source. The log probabilities are the model's,
        at temperature 1.

    Raises:
        ValueError: A01 if `max_length`, an id or `temperature` is out of
            range, S14 if `source` has not two axes.
        TypeError: A02 if a whole number is none.

    Examples:
        >>> from pfs.translation.seq2seq import TINY, Seq2Seq
        >>> source = torch.tensor([[3, 4, 2]])
        >>> written = sample(Seq2Seq(TINY), source, bos=1, eos=2, max_length=5)
        >>> bool(written.log_probs <= 0)
        True

    Source:
        Ackley, Hinton & Sejnowski (1985) for the temperature.

    Differs:
        nothing
    """
    if not temperature >= 0:
        raise PfsValueError(
            "A01",
            where="sample, temperature",
            expected="0 or more",
            got=repr(temperature),
            todo="pass 1.0 to draw as the model believes",
        )

    def drawn(logits: Tensor) -> Tensor:
        return draw(logits, temperature, generator)  # (9)

    ends = _Ends(bos, eos, max_length)
    return _write(model, source, lengths, ends, drawn)


class _Ends(NamedTuple):
    """How a sequence begins and when it ends."""

    bos: int
    eos: int
    max_length: int


def _write(
    model: Translator,
    source: Tensor,
    lengths: Lengths,
    ends: _Ends,
    choose: Callable[[Tensor], Tensor],
) -> Written:
    """Write token after token; rows that have ended write `<eos>`."""
    batch = check_request(source, *ends)
    token = torch.full((batch,), ends.bos, device=source.device)
    ended = torch.zeros_like(token, dtype=torch.bool)
    count, total, tokens = torch.zeros_like(token), None, []
    with judging(model):
        state = model.start(source, lengths)
        for _ in range(ends.max_length):
            logits, state = model.step(token, state)
            check_end(ends.eos, logits)
            token = choose(logits).masked_fill(ended, ends.eos)
            said = log_softmax(logits).gather(-1, token[:, None])[:, 0]
            said = said.masked_fill(ended, 0)
            total = said if total is None else total + said
            count = count + (~ended).long()
            tokens.append(token)
            ended = ended | (token == ends.eos)
            if bool(ended.all()):
                break
    assert total is not None  # max_length is above 0
    return Written(torch.stack(tokens, 1), count, total)
