"""Cases and results in few words, and in other forms, for the judge."""

import inspect
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Final

import torch
from torch import Tensor

from pfs.homework import trees

LARGEST: Final = 6
"""So many arguments are described."""
UNUSUAL: Final = 100.0


def cast(tensor: Tensor, kind: torch.dtype) -> Tensor:
    """Return floating numbers in another precision; others as they are."""
    return tensor.to(kind) if tensor.is_floating_point() else tensor


def scattered(tensor: Tensor) -> Tensor:
    """Return the same numbers, not one after the other in memory.

    Rows end in a gap of another size, so that no `view` can join axes.
    """
    if tensor.dim() == 0:
        return tensor
    last = tensor.shape[-1]
    wide = tensor.new_zeros(*tensor.shape[:-1], 2 * last + 1)
    apart = wide[..., : 2 * last : 2]
    apart.copy_(tensor)
    return apart


def is_finite(number: Any) -> bool:
    """Tell whether a number is neither infinite nor nan."""
    return not isinstance(number, float) or abs(number) < float("inf")


def largest(tensor: Tensor) -> float:
    """Return the largest finite size of a number in a tensor, 0 if none."""
    finite = tensor[tensor.isfinite()]
    return float(finite.abs().max()) if finite.numel() else 0.0


def pair(got: Any, expected: Any) -> dict[str, str]:
    """Write two numbers with as many digits as tell them apart."""
    words = str(got), str(expected)
    if isinstance(got, float) and isinstance(expected, float):
        for digits in (6, 9, 12, 17):
            words = f"{got:.{digits}g}", f"{expected:.{digits}g}"
            if words[0] != words[1]:
                break
    return {"got": words[0], "expected": words[1]}


def size(tensor: Tensor) -> str:
    """Write a shape."""
    return str(tuple(tensor.shape))


def kind_of(tensor: Tensor) -> str:
    """Write a dtype."""
    return str(tensor.dtype).removeprefix("torch.")


def names_of(function: Any) -> tuple[str, ...]:
    """Return the names of a function's arguments, if it tells them."""
    try:
        kinds = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ()
    plain = (inspect.Parameter.POSITIONAL_OR_KEYWORD,)
    return tuple(kind.name for kind in kinds if kind.kind in plain)


def case_in_words(case: tuple[Any, ...], names: tuple[str, ...] = ()) -> str:
    """Say what went in: shapes, and small things as they are."""
    parts = parts_in_words(case)
    shown = zip_longest(names[: len(parts)], parts, fillvalue="")
    return ", ".join(f"{name} {part}".strip() for name, part in shown)


def parts_in_words(case: tuple[Any, ...]) -> list[str]:
    """Return the words of each argument."""
    words = []
    for a in case[:LARGEST]:
        if isinstance(a, Tensor):
            words.append(f"{size(a)}{_range(a)}")
        elif isinstance(a, list | tuple) and _all_tensors(a):
            words.append(f"[{', '.join(size(t) for t in a[:LARGEST])}]")
        elif isinstance(a, list | tuple | dict):
            words.append(trees.form(a) if len(repr(a)) > 24 else repr(a))
        else:
            words.append(repr(a)[:24])
    return words


def _range(tensor: Tensor) -> str:
    """Say from where to where the numbers go, if they are unusual."""
    if not tensor.is_floating_point() or not tensor.numel() or tensor.is_meta:
        return ""
    low, high = float(tensor.min()), float(tensor.max())
    usual = abs(low) < UNUSUAL and abs(high) < UNUSUAL
    return "" if usual else f" [{low:.4g} ... {high:.4g}]"


def _all_tensors(parts: Sequence[Any]) -> bool:
    return bool(parts) and all(isinstance(part, Tensor) for part in parts)


def side_by_side(result: Any, truth: Any) -> list[list[list[float]]] | None:
    """Return two small matrices to lay side by side, if they are small."""
    leaves = list(trees.leaves(truth))
    if len(leaves) != 1 or not isinstance(truth, Tensor):
        return None
    if truth.dim() not in (1, 2) or truth.numel() > 16:
        return None
    if not truth.is_floating_point():
        return None
    pair = (result.detach(), truth.detach())
    return [t.view(-1, t.shape[-1]).double().tolist() for t in pair]
