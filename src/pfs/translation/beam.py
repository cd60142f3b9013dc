r"""Beam search: keep the best few beginnings, not only the best one.

Note: notes/seq2seq
"""

import torch

from pfs.errors import PfsTypeError
from pfs.nn import checks, log_softmax
from pfs.shapes import Float, Int, Tensor
from pfs.translation.translator import (
    Lengths,
    Translator,
    Written,
    check_end,
    check_request,
    judging,
    reorder,
)

NEVER = float("-inf")


def beam_search(
    model: Translator,
    source: Int[Tensor, "batch source"],
    lengths: Lengths = None,
    *,
    bos: int,
    eos: int,
    max_length: int,
    width: int,
    length_penalty: float = 0.0,
) -> Written:
    r"""Find likely sequences by going on with the best `width` beginnings.

    $$ s(y) = \frac{1}{|y|^{\alpha}}
    \sum_{t=1}^{|y|} \log p(y_t \mid x, y_{<t}) \tag{10} $$

    **Finishing.** A sequence that ends with `<eos>` keeps its place, with its
    score, until better ones push it out. The search stops when nothing in the
    beam can go on, or at `max_length`; what has no `<eos>` by then is cut and
    counts as it is.

    **Length.** With $\alpha = 0$ the score is the log probability. Every token
    makes it smaller, so short sequences are preferred, the more the wider the
    beam. $\alpha = 1$ takes the mean of a token instead; $|y|$ counts `<eos>`.

    A width of 1 is `greedy`. A beam as wide as there are sequences is
    exhaustive search; places that are left over have the log probability
    $-\infty$ and the length 0.

    Args:
        model: The model; it is put into `eval` and back.
        source: The sources, padded behind their end.
        lengths: How many tokens of each source are real.
        bos: The id that the decoder reads first.
        eos: The id that ends a sequence.
        max_length: How many tokens to write at most, `<eos>` included.
        width: How many beginnings to keep for each source.
        length_penalty: The exponent $\alpha$.

    Returns:
        The `width` best sequences of each source, the best first:
        (batch, width, time), and (batch, width) for lengths and log
        probabilities, which are sums whatever $\alpha$ is.

    Raises:
        ValueError: A01 if `max_length`, `width` or an id is out of range, S14
            if `source` has not two axes.
        TypeError: A02 if a number is none.

    Examples:
        >>> from pfs.translation.seq2seq import TINY, Seq2Seq
        >>> source = torch.tensor([[3, 4, 2]])
        >>> written = beam_search(
        ...     Seq2Seq(TINY), source, bos=1, eos=2, max_length=5, width=3
        ... )
        >>> written.log_probs.shape
        torch.Size([1, 3])

    Source:
        Sutskever, Vinyals & Le (2014), section 3.2; the exponent as in Wu et
        al. (2016), section 7, who divide by $((5 + |y|) / 6)^\alpha$.

    Differs:
        The paper takes a finished sequence out of the beam and adds it to a
        set; here it keeps its place. The paper has no length penalty.
    """
    batch = check_request(source, bos, eos, max_length)
    checks.positive("beam_search", width=width)
    if not isinstance(length_penalty, int | float):
        raise PfsTypeError(
            "A02",
            where="beam_search, length_penalty",
            expected="a number",
            got=repr(length_penalty),
            todo="pass 0.0 for none",
        )
    with judging(model):
        state = model.start(source, lengths)
        beam = _Beam(batch, width, eos, length_penalty, source.device)
        state = reorder(state, beam.rows.flatten())
        token = torch.full((batch * width,), bos, device=source.device)
        for _ in range(max_length):
            logits, state = model.step(token, state)
            check_end(eos, logits)
            parents = beam.extend(log_softmax(logits))
            state = reorder(state, parents)
            token = beam.tokens[:, :, -1].flatten()
            if beam.stands():
                break
    return beam.written()


class _Beam:
    """The beginnings of every source, the best first."""

    def __init__(
        self,
        batch: int,
        width: int,
        eos: int,
        alpha: float,
        device: torch.device,
    ) -> None:
        self.eos, self.alpha = eos, alpha
        rows = torch.arange(batch, device=device)
        self.rows = rows[:, None].expand(batch, width)
        self.tokens = self.rows.new_empty(batch, width, 0)
        self.lengths = torch.zeros_like(self.rows)
        self.ended = torch.zeros_like(self.rows, dtype=torch.bool)
        self.log_probs: Tensor | None = None

    # --8<-- [start:extend]
    def extend(
        self, log_p: Float[Tensor, "rows vocab"]
    ) -> Int[Tensor, " rows"]:
        """Go on with every beginning by every token; keep the best.

        Args:
            log_p: What the model says of the next token of every beginning.

        Returns:
            Which old row each new one goes on from.
        """
        batch, width = self.rows.shape
        vocab = log_p.shape[-1]
        log_p = log_p.view(batch, width, vocab)
        if self.log_probs is None:  # all are the same: one of them is enough
            self.log_probs = log_p.new_full((batch, width), NEVER)
            self.log_probs[:, 0] = 0
        stay = torch.full_like(log_p[0, 0], NEVER)
        stay[self.eos] = 0  # what has ended goes on with <eos>, for nothing
        log_p = torch.where(self.ended[..., None], stay, log_p)
        total = (self.log_probs[..., None] + log_p).flatten(1)

        size = self.lengths + (~self.ended).long()
        length = size.to(total.dtype).repeat_interleave(vocab, 1)
        score = total / length**self.alpha  # (10)
        best = score.topk(width, dim=1).indices
        parent, token = best // vocab, best % vocab

        self.log_probs = total.gather(1, best)
        self.lengths = size.gather(1, parent)
        self.ended = self.ended.gather(1, parent) | (token == self.eos)
        old = self.tokens.gather(
            1, parent[..., None].expand(-1, -1, self.tokens.shape[-1])
        )
        self.tokens = torch.cat([old, token[..., None]], -1)
        return (self.rows * width + parent).flatten()

    # --8<-- [end:extend]

    def stands(self) -> bool:
        """Tell whether nothing in the beam can go on."""
        assert self.log_probs is not None
        return bool((self.ended | (self.log_probs == NEVER)).all())

    def written(self) -> Written:
        """Return what was found; empty places have the length 0."""
        assert self.log_probs is not None
        empty = self.log_probs == NEVER
        return Written(
            self.tokens.masked_fill(empty[..., None], self.eos),
            self.lengths.masked_fill(empty, 0),
            self.log_probs,
        )
