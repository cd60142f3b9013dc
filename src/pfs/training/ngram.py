r"""What counting reaches: the perplexity a neural model has to beat."""

import math
from collections import Counter
from dataclasses import dataclass

from pfs.errors import PfsValueError
from pfs.shapes import Int, Tensor


def ngram_perplexities(
    text: Int[Tensor, " length"],
    held_out: Int[Tensor, " rest"],
    order: int,
    symbols: int,
) -> list[float]:
    r"""Count n-grams in a text and judge them on the text that follows it.

    The probability of a symbol $w$ after a context $h$ interpolates what was
    counted there with what the context without its oldest symbol, $h'$, says:

    $$ p(w \mid h) = \frac{c(hw) + u(h)\, p(w \mid h')}{c(h) + u(h)} \tag{1} $$

    $c$ counts, and $u(h)$ is the number of different symbols seen after $h$:
    where much follows, much that is new may follow. Below the empty context
    stands the uniform distribution.

    Args:
        text: What is counted.
        held_out: What is judged; its first context is the end of `text`.
        order: The longest n-gram $n$; $n = 1$ counts single symbols.
        symbols: How many symbols there are, seen or not.

    Returns:
        The perplexity on `held_out` for the orders 1 to `order`.

    Raises:
        ValueError: A01 if `order` is below 1, X06 if a text is empty.

    Examples:
        >>> import torch
        >>> abab = torch.tensor([0, 1] * 50)
        >>> one, two = ngram_perplexities(abab[:80], abab[80:], 2, symbols=2)
        >>> round(one, 2), round(two, 2)
        (2.0, 1.01)

    Source:
        Witten & Bell (1991), method C, interpolated.

    Differs:
        nothing
    """
    if order < 1 or not len(text) or not len(held_out):
        raise PfsValueError(
            "X06" if order >= 1 else "A01",
            where="ngram_perplexities",
            expected="an order of at least 1 and two texts that are not empty",
            got=f"order {order}, {len(text)} and {len(held_out)} symbols",
            todo="pass a longer text",
        )
    # A string slices and hashes fast: each id becomes one character of it.
    counted = "".join(map(chr, text.tolist()))
    whole = counted + "".join(map(chr, held_out.tolist()))
    c, total, kinds = _count(counted, order)

    surprise = [0.0] * order
    for t in range(len(counted), len(whole)):
        p = 1 / symbols
        for n in range(1, order + 1):
            h = whole[max(0, t - n + 1) : t]
            if len(h) == n - 1 and h in total:
                u = kinds[h]
                p = (c[h + whole[t]] + u * p) / (total[h] + u)  # (1)
            surprise[n - 1] -= math.log(p)
    return [math.exp(nats / len(held_out)) for nats in surprise]


def _count(text: str, order: int) -> tuple[Counter[str], ...]:
    """Count the n-grams, what follows a context, and how many kinds of it."""
    c: Counter[str] = Counter()
    for n in range(1, order + 1):
        c.update(text[t : t + n] for t in range(len(text) - n + 1))
    total: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for gram, times in c.items():
        total[gram[:-1]] += times
        kinds[gram[:-1]] += 1
    return c, total, kinds


@dataclass(frozen=True)
class Floors:
    """Perplexities that need no network: above them nothing was learned."""

    uniform: float
    """Of saying nothing: the number of symbols."""
    ngrams: tuple[float, ...]
    """Of counting, for the orders 1, 2, ..."""

    @property
    def unigram(self) -> float:
        """Of knowing only how frequent each symbol is."""
        return self.ngrams[0]

    @property
    def best(self) -> float:
        """The lowest of all orders."""
        return min(self.ngrams)

    @property
    def best_order(self) -> int:
        """The order that reaches it."""
        return self.ngrams.index(self.best) + 1


def floors(
    text: Int[Tensor, " length"],
    held_out: Int[Tensor, " rest"],
    symbols: int,
    max_order: int = 6,
) -> Floors:
    """Compute the floors of a text: uniform, unigram, n-gram.

    Args:
        text: The part that is trained on.
        held_out: The part that follows it and is judged.
        symbols: How many symbols the vocabulary has.
        max_order: The longest n-gram.

    Returns:
        The perplexities.

    Raises:
        ValueError: As `ngram_perplexities`.

    Examples:
        >>> import torch
        >>> abab = torch.tensor([0, 1] * 50)
        >>> floor = floors(abab[:80], abab[80:], symbols=2, max_order=2)
        >>> floor.uniform, round(floor.unigram, 1), floor.best_order
        (2.0, 2.0, 2)

    Source:
        Witten & Bell (1991), method C, interpolated.

    Differs:
        nothing
    """
    ngrams = ngram_perplexities(text, held_out, max_order, symbols)
    return Floors(float(symbols), tuple(ngrams))
