r"""How well a key fits a query, and what a query may not see."""

import math
from typing import NamedTuple

import torch

from pfs.shapes import Float, Shaped, Tensor

Tile = tuple[slice, slice, slice]
"""Which batch entries, which queries and which keys."""
EVERYTHING: Tile = (slice(None), slice(None), slice(None))
"""The tile that is the whole table."""
BITS = math.log2(math.e)
r"""$e^s = 2^{s \log_2 e}$: a power of 2 is as exact, and as fast for what is
masked as for the rest; the exponential of $-\infty$ takes 20 times as long."""


class Plan(NamedTuple):
    """Which keys a query sees, and what happens to its weights.

    Examples:
        >>> Plan(0.125).offset is None
        True

    Source:
        This project.

    Differs:
        nothing
    """

    scale: float
    """What the scores are multiplied by."""
    offset: int | None = None
    """Query $i$ sees the keys up to $i$ + `offset`; `None`: all."""
    p: float = 0.0
    """The share of the weights that is dropped."""
    seed: int = 0
    """Where the draws of the dropout begin."""
    owners: tuple[Shaped[Tensor, " batch"], ...] = ()
    """For each mask, which of its entries a batch entry reads."""


def scores(
    q: Float[Tensor, "batch query d_k"],
    k: Float[Tensor, "batch key d_k"],
    plan: Plan,
    masks: tuple[Shaped[Tensor, "_ _ _"], ...],
    tile: Tile = EVERYTHING,
    room: Float[Tensor, " room"] | None = None,
) -> Float[Tensor, "some_batch some_queries some_keys"]:
    r"""Compare queries with keys; what a query may not see is $-\infty$.

    $$ s_{ij} = \tfrac{1}{\sqrt{d_k}}\, q_i \cdot k_j + \mathrm{mask}_{ij}
    \tag{1} $$

    Args:
        q: The queries.
        k: The keys.
        plan: The factor and the order of time.
        masks: Boolean, `True` where a query sees a key, or numbers to add.
        tile: The part that is wanted.
        room: Memory to write them to, which is faster than new memory. Then
            they are counted in bits, $s \log_2 e$.

    Returns:
        $s$ for that part.

    Examples:
        >>> one = torch.ones(1, 2, 4)
        >>> scores(one, one, Plan(0.5, offset=0), ())
        tensor([[[2., -inf],
                 [2., 2.]]])

    Source:
        Vaswani et al. (2017), equation 1 and section 3.2.3.

    Differs:
        nothing
    """
    n, r, c = tile
    unit = 1.0 if room is None else BITS
    s = product(q[n, r], k[n, c], room, plan.scale * unit)  # (1)
    for mask, owner in zip(masks, plan.owners, strict=True):
        seen = _read(mask, owner, tile)
        if seen.dtype == torch.bool:
            s = s.masked_fill_(seen.logical_not(), -torch.inf)
        else:
            s = s.add_(seen, alpha=unit)
    if plan.offset is not None:
        _hide_future(s, (r.start or 0) + plan.offset, c.start or 0)
    return s


def product(
    a: Float[Tensor, "batch rows features"],
    b: Float[Tensor, "batch columns features"],
    room: Float[Tensor, " room"] | None,
    scale: float = 1.0,
) -> Float[Tensor, "batch rows columns"]:
    """Multiply every row of `a` with every row of `b`.

    Args:
        a: The one.
        b: The other.
        room: Memory to write to; new memory if `None`.
        scale: A factor for all products.

    Returns:
        The table of products.

    Examples:
        >>> product(torch.ones(1, 2, 3), torch.ones(1, 1, 3), None)
        tensor([[[3.],
                 [3.]]])

    Source:
        This project.

    Differs:
        nothing
    """
    b = b.transpose(1, 2)
    if room is None:
        return (a * scale) @ b
    shape = (*a.shape[:2], b.shape[2])
    out = room[: math.prod(shape)].view(shape)
    return out.baddbmm_(a, b, beta=0, alpha=scale)


def _read(mask: Tensor, owner: Tensor, tile: Tile) -> Tensor:
    """Cut a tile out of a mask, which may have one entry for many."""
    n, r, c = places(mask, tile)
    part = mask[:, r, c]
    return part if len(mask) == 1 else part[owner[n]]


def places(mask: Shaped[Tensor, "_ _ _"], tile: Tile) -> Tile:
    """Return where a tile lies in a mask, which may have one entry for many.

    Args:
        mask: The mask.
        tile: The part that is wanted.

    Returns:
        The slices; an axis of size 1 is there for every part.

    Examples:
        >>> places(torch.ones(2, 1, 9), (slice(0, 2), slice(3, 5), slice(0, 4)))
        (slice(0, 2, None), slice(None, None, None), slice(0, 4, None))

    Source:
        This project.

    Differs:
        nothing
    """
    every, (n, r, c) = slice(None), tile
    _, rows, columns = mask.shape
    return n, every if rows == 1 else r, every if columns == 1 else c


def _hide_future(s: Tensor, last: int, start: int) -> None:
    """Hide key `start + j` from query `i` if it is later than `last + i`."""
    first = max(last + 1 - start, 0)
    late, diagonal = s[..., first:], last - start - first
    never = s.new_full(late.shape[-2:], -torch.inf).triu_(diagonal + 1)
    late.tril_(diagonal).add_(never)  # faster than to fill by a mask
