"""The switch between our definitions and torch's kernels."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from pfs.errors import PfsValueError

NAMES: Final = ("ours", "fused")
_CURRENT: ContextVar[str] = ContextVar("backend", default="ours")


@contextmanager
def backend(name: str) -> Iterator[None]:
    """Choose whose operations `pfs.nn` uses inside a `with` block.

    Args:
        name: `"ours"` or `"fused"`.

    Yields:
        Nothing.

    Raises:
        ValueError: A01 if there is no such backend.

    Examples:
        >>> with backend("ours"):
        ...     pass

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
    token = _CURRENT.set(name)
    try:
        yield
    finally:
        _CURRENT.reset(token)
