"""Results of any form: tensors and numbers, in tuples, lists and dicts."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Return the tensors and numbers of a result, and where they stand."""
    if isinstance(tree, tuple | list):
        for place, part in enumerate(tree):
            yield from leaves(part, f"{path}[{place}]")
    elif isinstance(tree, dict):
        for key in tree:
            yield from leaves(tree[key], f"{path}[{key!r}]")
    else:
        yield path, tree


def change(tree: Any, function: Callable[[Tensor], Any]) -> Any:
    """Apply a function to every tensor."""
    if isinstance(tree, Tensor):
        return function(tree)
    if isinstance(tree, tuple | list):
        parts = [change(part, function) for part in tree]
        return tuple(parts) if isinstance(tree, tuple) else parts
    if isinstance(tree, dict):
        return {key: change(part, function) for key, part in tree.items()}
    return tree


def copied(tree: Any) -> Any:
    """Return the same with tensors of its own, without a graph.

    The way a tensor lies in memory is kept.
    """
    return change(tree, lambda t: t.detach().clone())


def form(tree: Any) -> str:
    """Say what a result is, for a message: `(Tensor, Tensor)`."""
    if isinstance(tree, tuple | list):
        inner = ", ".join(form(part) for part in tree[:6])
        more = ", ..." if len(tree) > 6 else ""
        return (
            f"({inner}{more})"
            if isinstance(tree, tuple)
            else (f"[{inner}{more}]")
        )
    return type(tree).__name__


def same_form(one: Any, two: Any) -> bool:
    """Tell whether two results have the same parts; a list is a tuple."""
    if isinstance(one, tuple | list):
        return (
            isinstance(two, tuple | list)
            and len(one) == len(two)
            and all(same_form(a, b) for a, b in zip(one, two, strict=True))
        )
    if isinstance(one, dict):
        return (
            isinstance(two, dict)
            and one.keys() == two.keys()
            and all(same_form(one[key], two[key]) for key in one)
        )
    if isinstance(one, bool):
        return isinstance(two, bool)
    if isinstance(one, int | float):
        return isinstance(two, int | float) and not isinstance(two, bool)
    return isinstance(two, type(one))


def difference(
    one: Any, two: Any, tolerance: float
) -> tuple[str, Any, Any] | None:
    """Find where two results of the same form are furthest apart.

    Args:
        one: What came.
        two: What was expected.
        tolerance: Relative and absolute.

    Returns:
        The place, what is there and what should be; None if they are equal.
    """
    worst: tuple[float, str, Any, Any] | None = None
    for (path, a), (_, b) in zip(leaves(one), leaves(two), strict=True):
        if isinstance(b, Tensor):
            found = _furthest(a, b, tolerance)
            if found and (worst is None or found[0] > worst[0]):
                worst = (found[0], f"{path}{found[1]}", *found[2:])
        elif isinstance(b, int | float) and not isinstance(b, bool):
            if not math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance):
                apart = abs(a - b)
                if worst is None or apart > worst[0]:
                    worst = (apart, path, a, b)
        elif a != b:
            return path, a, b
    return worst[1:] if worst else None


def _furthest(
    a: Tensor, b: Tensor, tolerance: float
) -> tuple[float, str, Any, Any] | None:
    """Compare two tensors of one shape; nan equals nan."""
    if b.numel() == 0:
        return None
    a, b = a.detach().cpu(), b.detach().cpu()
    if not b.is_floating_point() or not a.is_floating_point():
        bad = a != b
        apart = bad.double()
    else:
        a, b = a.double(), b.double()
        bad = ~torch.isclose(
            a, b, rtol=tolerance, atol=tolerance, equal_nan=True
        )
        apart = torch.where(bad, (a - b).abs().nan_to_num(math.inf), 0.0)
    if not bool(bad.any()):
        return None
    place = int(torch.where(bad, apart, -1.0).flatten().argmax())
    index = [int(i) for i in torch.unravel_index(torch.tensor(place), b.shape)]
    where = str(index) if index else ""
    return (
        float(apart.flatten()[place]),
        where,
        a.flatten()[place].item(),
        b.flatten()[place].item(),
    )
