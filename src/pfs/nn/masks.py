r"""Masks: which query may see which key."""

import math
from typing import Any

import torch

from pfs.errors import PfsTypeError, PfsValueError
from pfs.nn import checks
from pfs.nn.precision import is_mixed, wide
from pfs.shapes import Float, Shaped, Tensor

Masks = tuple[Shaped[Tensor, "..."], ...]
"""Masks that all hold: boolean, `True` where a key is seen, or added."""
Flat = tuple[Shaped[Tensor, "_ _ _"], ...]
"""The same with the axes (entry, query, key)."""


def check_mask(
    where: str, name: str, mask: Any, query: Float[Tensor, "..."]
) -> None:
    """Refuse what is neither boolean nor of the dtype of the query.

    Args:
        where: Who asks.
        name: The name of the argument.
        mask: The mask.
        query: What it belongs to.

    Raises:
        TypeError: S01 or A02.
        ValueError: S02 if they live on different devices.

    Examples:
        >>> check_mask("here", "mask", torch.ones(2) > 0, torch.ones(2))

    Source:
        This project.

    Differs:
        nothing
    """
    checks.tensor(where, name, mask)
    added = mask.is_floating_point() and (
        mask.dtype == query.dtype or is_mixed(query)
    )
    if mask.dtype != torch.bool and not added:
        raise PfsTypeError(
            "S01",
            where=f"{where}, {name}",
            expected=f"torch.bool or {query.dtype}",
            got=str(mask.dtype),
            todo=f"convert it: {name}.bool(), if it says yes and no",
        )
    checks.same_device(where, **{name: mask, "query": query})


def check_mask_shape(
    where: str,
    mask: Shaped[Tensor, "..."],
    q: Float[Tensor, "*batch query d_k"],
    k: Float[Tensor, "*batch key d_k"],
) -> None:
    """Refuse a mask that could be meant otherwise.

    Args:
        where: Who asks.
        mask: The mask.
        q: The queries.
        k: The keys.

    Raises:
        ValueError: S14.

    Examples:
        >>> x = torch.ones(2, 3)
        >>> check_mask_shape("here", torch.ones(2, 2), x, x)

    Source:
        This project.

    Differs:
        torch takes what broadcasts, also by luck.
    """
    whole = (*q.shape[:-1], k.shape[-2])
    fits = mask.ndim == q.ndim and all(
        size in (1, wanted)
        for size, wanted in zip(mask.shape, whole, strict=True)
    )
    if not fits and mask.shape != whole[-2:]:
        raise PfsValueError(
            "S14",
            where=f"{where}, attn_mask",
            expected=f"shape {whole[-2:]} or {whole}, or 1 for some axes of it",
            got=f"shape {tuple(mask.shape)}",
            todo="give every axis its place: mask[:, None, None, :] for keys",
        )


def owned(
    masks: Masks, query: Float[Tensor, "*batch query d_k"]
) -> tuple[Flat, tuple[Shaped[Tensor, " batch"], ...]]:
    """Flatten the masks; say which entry of them each batch entry reads.

    A mask for all heads stays one mask; it is not repeated.

    Args:
        masks: Masks with two axes (query, key) or with all axes.
        query: The queries that they are for.

    Returns:
        The masks with three axes, and for each the entry that every entry of
        the batch reads.

    Examples:
        >>> padding = torch.ones(2, 1, 1, 7) > 0
        >>> _, (owner,) = owned((padding,), torch.ones(2, 3, 5, 4))
        >>> owner
        tensor([0, 0, 0, 1, 1, 1])

    Source:
        This project.

    Differs:
        nothing
    """
    batch, flat, owners = query.shape[:-2], [], []
    for mask in masks:
        axes = (1,) * (len(batch) + 2 - mask.ndim) + tuple(mask.shape[:-2])
        entries = math.prod(axes)
        flat.append(mask.reshape(entries, *mask.shape[-2:]))
        if mask.is_floating_point():
            flat[-1] = wide(flat[-1])[0]
        owner = torch.arange(entries, device=query.device).view(axes)
        owners.append(owner.expand(batch).reshape(math.prod(batch)))
    return tuple(flat), tuple(owners)


def joined(
    masks: Masks, query: Float[Tensor, "..."]
) -> Shaped[Tensor, "..."] | None:
    """Make one mask of all, as torch's kernel takes it.

    Args:
        masks: Masks that all hold.
        query: What they are for.

    Returns:
        A boolean mask if all are, else numbers to add; `None` without masks.

    Examples:
        >>> yes, no = torch.tensor([True, True]), torch.tensor([True, False])
        >>> joined((yes, no), torch.ones(1, 1))
        tensor([ True, False])

    Source:
        This project.

    Differs:
        nothing
    """
    if len(masks) == 0:
        return None
    if all(mask.dtype == torch.bool for mask in masks):
        mask = masks[0]
        for other in masks[1:]:
            mask = mask & other
        return mask
    total = _added(masks[0], query)
    for other in masks[1:]:
        total = total + _added(other, query)
    return total


def _added(mask: Tensor, q: Tensor) -> Tensor:
    if mask.dtype != torch.bool:
        return mask.to(q.dtype)
    never = torch.zeros(mask.shape, dtype=q.dtype, device=q.device)
    return never.masked_fill_(mask.logical_not(), -torch.inf)


def turned(
    where: str,
    padding: Shaped[Tensor, "..."] | None,
    mask: Shaped[Tensor, "..."] | None,
    q: Float[Tensor, "batch head query d_k"],
    keys: int,
) -> Masks:
    """Turn the masks of torch's class, where `True` hides, into ours.

    Args:
        where: Who asks.
        padding: (batch, key), or (key) for a single sequence.
        mask: (query, key) or (batch times heads, query, key).
        q: The queries of every head.
        keys: How many keys there are.

    Returns:
        Masks where `True` shows.

    Raises:
        ValueError: S14 or S02.
        TypeError: S01 or A02.

    Examples:
        >>> x = torch.ones(1, 1, 2, 3)
        >>> turned("here", torch.tensor([False, True]), None, x, 2)
        (tensor([[[[ True, False]]]]),)

    Source:
        `torch.nn.MultiheadAttention`.

    Differs:
        nothing
    """
    batch, heads, queries, _ = q.shape
    masks = []
    if padding is not None:
        check_mask(where, "key_padding_mask", padding, q)
        sizes = (keys,) if padding.ndim == 1 and batch == 1 else (batch, keys)
        checks.shape(where, "key_padding_mask", padding, *sizes)
        masks.append(padding.view(batch, 1, 1, keys))
    if mask is not None:
        check_mask(where, "attn_mask", mask, q)
        table, every = (queries, keys), (batch * heads, queries, keys)
        one = mask.ndim == 2
        checks.shape(where, "attn_mask", mask, *(table if one else every))
        masks.append(mask if one else mask.view(batch, heads, *table))
    return tuple(m.logical_not() if m.dtype == torch.bool else m for m in masks)
