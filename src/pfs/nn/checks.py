"""What the bricks ask of their inputs, said once."""

from typing import Any

import torch

from pfs.errors import PfsIndexError, PfsTypeError, PfsValueError
from pfs.shapes import Tensor


def positive(where: str, **sizes: int) -> None:
    """Refuse a size that is not a whole number above zero."""
    for name, size in sizes.items():
        if not isinstance(size, int) or isinstance(size, bool):
            raise PfsTypeError(
                "A02",
                where=f"{where}, {name}",
                expected="a whole number",
                got=repr(size),
                todo=f"pass {name} as an int",
            )
        if size < 1:
            raise PfsValueError(
                "A01",
                where=f"{where}, {name}",
                expected="a whole number above 0",
                got=str(size),
                todo=f"pass a larger {name}",
            )


def one_of(where: str, name: str, value: Any, allowed: tuple[str, ...]) -> None:
    """Refuse a word that is not in the list."""
    if value not in allowed:
        raise PfsValueError(
            "A01",
            where=f"{where}, {name}",
            expected=" or ".join(repr(word) for word in allowed),
            got=repr(value),
            todo=f"choose one of these for {name}",
        )


def probability(where: str, name: str, value: float) -> None:
    """Refuse what is not a number in [0, 1]."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise PfsTypeError(
            "A02",
            where=f"{where}, {name}",
            expected="a number",
            got=repr(value),
            todo=f"pass {name} as a float, 0 to 1",
        )
    if not 0 <= value <= 1:
        raise PfsValueError(
            "A01",
            where=f"{where}, {name}",
            expected="a probability, 0 to 1",
            got=repr(value),
            todo=f"pass {name} as a share of 1, not as a percentage",
        )


def last_axis(where: str, name: str, x: Tensor, size: int, axis: str) -> None:
    """Refuse a tensor whose last axis has another size."""
    if x.ndim == 0 or x.shape[-1] != size:
        raise PfsValueError(
            "S14",
            where=f"{where}, {name}",
            expected=f"last axis {axis} = {size}",
            got=f"shape {tuple(x.shape)}",
            todo="check the order of the axes: features come last",
        )


def same_kind(where: str, **tensors: Tensor | None) -> None:
    """Refuse floating tensors of different dtypes or devices."""
    given = [(name, t) for name, t in tensors.items() if t is not None]
    (first, head), *rest = given
    if not head.is_floating_point():
        raise PfsTypeError(
            "S01",
            where=f"{where}, {first}",
            expected="a floating dtype",
            got=str(head.dtype),
            todo=f"convert it: {first}.float()",
        )
    mixed = any(map(torch.is_autocast_enabled, ("cpu", "cuda")))
    for name, t in rest:
        if t.dtype != head.dtype and not mixed:
            raise PfsTypeError(
                "S01",
                where=f"{where}, {first} and {name}",
                expected="the same dtype",
                got=f"{head.dtype} and {t.dtype}",
                todo=f"convert one: {first}.to({name}.dtype)",
            )
        if t.device != head.device:
            raise PfsValueError(
                "S02",
                where=f"{where}, {first} and {name}",
                expected="the same device",
                got=f"{head.device} and {t.device}",
                todo=f"move one: {first}.to({name}.device)",
            )


def indices(where: str, name: str, ids: Tensor, size: int) -> None:
    """Refuse ids that are not whole numbers in [0, size)."""
    if ids.is_floating_point() or ids.dtype == torch.bool:
        raise PfsTypeError(
            "S01",
            where=f"{where}, {name}",
            expected="whole numbers (torch.int64 or torch.int32)",
            got=str(ids.dtype),
            todo=f"convert them: {name}.long()",
        )
    if ids.numel() == 0 or ids.device.type == "meta":
        return
    bad = (ids < 0) | (ids >= size)
    if bad.any():
        place = [int(i) for i in bad.nonzero()[0]]
        raise PfsIndexError(
            "S09",
            where=f"{where}, {name}{place}",
            expected=f"0 <= id < {size}",
            got=str(int(ids[tuple(place)])),
            todo="use the vocabulary (or the classes) the model was made with",
        )
