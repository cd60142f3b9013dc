"""One switch: our definitions, or the kernels that torch has for them.

`pfs.nn` and the recurrent layers ask `fused` where the arithmetic is done,
after their arguments were checked. Nothing else in the package knows that
there are two ways. The kernels are in `pfs.kernels`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pfs.errors import PfsValueError

NAMES: Final = ("ours", "fused")
"""The backends: `ours` is what the notes show, `fused` is torch's kernels."""
_state = {"name": "ours"}


@contextmanager
def backend(name: str) -> Iterator[None]:
    """Choose whose operations `pfs.nn` uses inside a `with` block.

    The switch holds for the whole process, its threads included, so that
    `torch.compile` can see it.

    Args:
        name: `"ours"` or `"fused"`.

    Yields:
        Nothing; the backend is the one before when the block ends.

    Raises:
        ValueError: A01 if there is no such backend.

    Examples:
        >>> with backend("fused"):
        ...     fused()
        True

    Source:
        This project.

    Differs:
        nothing
    """
    if name not in NAMES:
        raise PfsValueError(
            "A01",
            where="pfs.backend, name",
            expected=" or ".join(NAMES),
            got=repr(name),
            todo="choose one of these",
        )
    before = _state["name"]
    _state["name"] = name
    try:
        yield
    finally:
        _state["name"] = before


def fused() -> bool:
    """Return whether torch's kernels are to be used.

    Returns:
        True inside `with backend("fused")`.

    Examples:
        >>> fused()
        False

    Source:
        This project.

    Differs:
        nothing
    """
    return _state["name"] == "fused"
