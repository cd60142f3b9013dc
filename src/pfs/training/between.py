r"""What counting reaches when both sides of a gap are known."""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass

import torch

from pfs.errors import PfsValueError
from pfs.shapes import Float, Int, Tensor

Table = dict[str | None, tuple[list[int], list[int]]]
"""For a context: the symbols that were seen in its gap, and how often."""
F64 = torch.float64
AT_ONCE = 1024
"""How many gaps are computed at once."""


@dataclass(frozen=True)
class Between:
    """How well counting fills gaps of one symbol, without any network."""

    perplexities: tuple[float, ...]
    """For 1, 2, ... known neighbours on each side."""
    accuracies: tuple[float, ...]
    """Share of gaps whose likeliest symbol is the right one."""

    @property
    def best(self) -> float:
        """The lowest perplexity."""
        return min(self.perplexities)


def between(
    text: Int[Tensor, " length"],
    held_out: Int[Tensor, " rest"],
    symbols: int,
    sides: int = 3,
) -> Between:
    r"""Count what stands between its neighbours, and judge it on other text.

    With $k$ neighbours on each side, $h = w_{t-k} \dots w_{t-1}\,\_\,w_{t+1}
    \dots w_{t+k}$, what was counted there is interpolated with what a context
    says that has one neighbour less, $h'$:

    $$
    p(w \mid h) = \frac{c(h, w) + u(h)\, p(w \mid h')}{c(h) + u(h)} \tag{1}
    $$

    $c$ counts and $u(h)$ is the number of different symbols seen in the gap of
    $h$, as in `ngram_perplexities`. The neighbours are given up from the far
    end, the right one first. Below the empty context stands the uniform
    distribution.

    Args:
        text: What is counted.
        held_out: What is judged, symbol by symbol; its left side is the end of
            `text`.
        symbols: How many symbols there are, seen or not.
        sides: The largest $k$.

    Returns:
        Perplexity and accuracy for $k$ = 1, 2, ...

    Raises:
        ValueError: A01 if `sides` is below 1, X06 if a text is empty.

    Examples:
        >>> abac = torch.tensor([0, 1, 0, 2] * 50)
        >>> counted = between(abac[:160], abac[160:], symbols=3, sides=2)
        >>> [round(p, 1) for p in counted.perplexities]
        [1.4, 1.0]

    Source:
        Witten & Bell (1991), method C, interpolated, for contexts of two sides.

    Differs:
        nothing
    """
    if sides < 1 or not len(text) or not len(held_out):
        raise PfsValueError(
            "X06" if sides >= 1 else "A01",
            where="between",
            expected="at least 1 neighbour and two texts that are not empty",
            got=f"{sides} neighbours, {len(text)} and {len(held_out)} symbols",
            todo="pass a longer text",
        )
    # A string slices and hashes fast: each id becomes one character of it.
    counted = "".join(map(chr, text.tolist()))
    whole = counted + "".join(map(chr, held_out.tolist()))
    tables = [_count(counted, n) for n in range(2 * sides + 1)]
    nats, right = [0.0] * sides, [0] * sides
    for begin in range(len(counted), len(whole), AT_ONCE):
        places = range(begin, min(begin + AT_ONCE, len(whole)))
        truth = torch.tensor([ord(whole[t]) for t in places])[:, None]
        p = torch.full((len(places), symbols), 1 / symbols, dtype=F64)
        for n, table in enumerate(tables):
            p = _sharpened(
                p, [table.get(_context(whole, t, n)) for t in places]
            )
            if n and n % 2 == 0:
                nats[n // 2 - 1] -= p.gather(1, truth).log().sum().item()
                right[n // 2 - 1] += int((p.argmax(1) == truth[:, 0]).sum())
    gaps = len(held_out)
    return Between(
        tuple(math.exp(x / gaps) for x in nats), tuple(x / gaps for x in right)
    )


def _context(text: str, t: int, n: int) -> str | None:
    """Return `n` symbols around a gap, the odd one to the left of it."""
    left, right = (n + 1) // 2, n // 2
    if t < left or t + right >= len(text):
        return None
    return text[t - left : t] + text[t + 1 : t + 1 + right]


def _count(text: str, n: int) -> Table:
    seen: dict[str | None, Counter[int]] = defaultdict(Counter)
    for t, symbol in enumerate(text):
        seen[_context(text, t, n)][ord(symbol)] += 1
    seen.pop(None, None)
    return {h: (list(c), list(c.values())) for h, c in seen.items()}


def _sharpened(
    p: Float[Tensor, "gap symbols"],
    seen: list[tuple[list[int], list[int]] | None],
) -> Float[Tensor, "gap symbols"]:
    """Interpolate with what contexts of one neighbour more have seen."""
    rows: list[int] = []
    columns: list[int] = []
    times: list[int] = []
    for row, counts in enumerate(seen):
        if counts is not None:
            rows += [row] * len(counts[0])
            columns += counts[0]
            times += counts[1]
    c = torch.zeros_like(p)
    c[rows, columns] = torch.tensor(times, dtype=p.dtype)
    u = (c > 0).sum(1, keepdim=True).clamp(min=1)  # nothing seen: p stays
    return (c + u * p) / (c.sum(1, keepdim=True) + u)  # (1)
