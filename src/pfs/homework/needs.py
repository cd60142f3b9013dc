"""Packages of the extra `cli` that the homework needs."""

import importlib
from typing import Any

from pfs.errors import PfsFileError


def platformdirs() -> Any:
    """Return `platformdirs`; E05 if it is missing."""
    return _import("platformdirs")


def filelock() -> Any:
    """Return `filelock`; E05 if it is missing."""
    return _import("filelock")


def _import(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise PfsFileError(
            "E05",
            where="pfs hw",
            expected=f"the package {name}",
            got=str(error),
            todo='pip install "papers-from-scratch[cli]"',
        ) from None
