"""What the bricks ask of their inputs, said once."""

from typing import Any

import torch

from pfs.errors import PfsError, PfsIndexError, PfsTypeError, PfsValueError
from pfs.nn import precision
from pfs.shapes import Tensor

OLDEST_TORCH = (2, 6)
NOT_WHOLE = (torch.bool, torch.complex64, torch.complex128)


def positive(where: str, **sizes: int) -> None:
    """Refuse a size that is not a whole number above zero."""
    for name, size in sizes.items():
        whole(where, name, size)
        if size < 1:
            raise PfsValueError(
                "A01",
                where=f"{where}, {name}",
                expected="a whole number above 0",
                got=str(size),
                todo=f"pass a larger {name}",
            )


def whole(where: str, name: str, value: Any) -> None:
    """Refuse what is not a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise PfsTypeError(
            "A02",
            where=f"{where}, {name}",
            expected="a whole number",
            got=repr(value),
            todo=f"pass {name} as an int",
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


def tensor(where: str, name: str, value: Any) -> None:
    """Refuse what is not a tensor."""
    if not isinstance(value, Tensor):
        raise PfsTypeError(
            "A02",
            where=f"{where}, {name}",
            expected="a tensor",
            got=type(value).__name__,
            todo=f"convert it: torch.as_tensor({name})",
        )


def axis(where: str, x: Tensor, dim: int) -> None:
    """Refuse an axis that a tensor does not have; a number has one."""
    whole(where, "dim", dim)
    axes = max(x.ndim, 1)
    if not -axes <= dim < axes:
        raise PfsValueError(
            "A01",
            where=f"{where}, dim",
            expected=f"an axis of the input, {-axes} to {axes - 1}",
            got=str(dim),
            todo="use dim=-1 for the last axis",
        )


def shape(where: str, name: str, x: Tensor | None, *sizes: int) -> None:
    """Refuse a tensor of another shape, also one that would broadcast."""
    if x is not None and tuple(x.shape) != sizes:
        raise PfsValueError(
            "S14",
            where=f"{where}, {name}",
            expected=f"shape {sizes}",
            got=f"shape {tuple(x.shape)}",
            todo=f"pass a {name} of this shape",
        )


def matrix(where: str, name: str, x: Tensor) -> None:
    """Refuse a tensor without exactly two axes."""
    if x.ndim != 2:
        raise PfsValueError(
            "S14",
            where=f"{where}, {name}",
            expected="two axes",
            got=f"shape {tuple(x.shape)}",
            todo=f"reshape it: {name}.reshape(rows, columns)",
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
    for name, t in given:
        tensor(where, name, t)
    (first, head), *rest = given
    if not head.is_floating_point():
        raise PfsTypeError(
            "S01",
            where=f"{where}, {first}",
            expected="a floating dtype",
            got=str(head.dtype),
            todo=f"convert it: {first}.float()",
        )
    for name, t in rest:
        if t.dtype != head.dtype and not precision.is_mixed(head):
            raise PfsTypeError(
                "S01",
                where=f"{where}, {first} and {name}",
                expected="the same dtype",
                got=f"{head.dtype} and {t.dtype}",
                todo=f"convert one: {first}.to({name}.dtype)",
            )
        same_device(where, **{first: head, name: t})


def same_device(where: str, **tensors: Tensor) -> None:
    """Refuse two tensors that live on different devices."""
    (first, a), (second, b) = tensors.items()
    if a.device != b.device:
        raise PfsValueError(
            "S02",
            where=f"{where}, {first} and {second}",
            expected="the same device",
            got=f"{a.device} and {b.device}",
            todo=f"move one: {first}.to({second}.device)",
        )


def indices(
    where: str,
    name: str,
    ids: Tensor,
    size: int,
    left_out: Tensor | None = None,
) -> None:
    """Refuse ids that are not whole numbers in [0, size) or left out."""
    tensor(where, name, ids)
    if ids.is_floating_point() or ids.dtype in NOT_WHOLE:
        raise PfsTypeError(
            "S01",
            where=f"{where}, {name}",
            expected="whole numbers (torch.int64 or torch.int32)",
            got=str(ids.dtype),
            todo=f"convert them: {name}.long()",
        )
    if ids.numel() == 0 or ids.device.type == "meta":
        return
    ids = ids.long()  # a comparison in uint8 would wrap around
    bad = (ids < 0) | (ids >= size)
    bad = bad if left_out is None else bad & ~left_out
    if bad.any():
        place = [int(i) for i in bad.nonzero()[0]]
        raise PfsIndexError(
            "S09",
            where=f"{where}, {name}{place}",
            expected=f"0 <= id < {size}",
            got=str(int(ids[tuple(place)])),
            todo="use the vocabulary (or the classes) the model was made with",
        )


def torch_version(version: str) -> None:
    """Refuse a torch that this package was not written for.

    Args:
        version: What `torch.__version__` says.

    Raises:
        PfsError: E01 if it is older than 2.6.

    Examples:
        >>> torch_version("2.13.0+cpu")

    Source:
        This project.

    Differs:
        nothing
    """
    numbers = tuple(int(n) for n in version.split("+")[0].split(".")[:2])
    if numbers < OLDEST_TORCH:
        raise PfsError(
            "E01",
            where="import pfs.nn",
            expected="torch 2.6 or newer",
            got=f"torch {version}",
            todo="pip install --upgrade torch",
        )
