"""`pfs doctor`: what this machine has, and what to do about what it lacks."""

import importlib.metadata
import json
import locale
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pfs.commands.terminal import columns, out
from pfs.commands.words import say
from pfs.errors import PfsError

EXTRAS: Final = {
    "typer": "cli",
    "rich": "cli",
    "pooch": "data",
    "filelock": "data",
    "scikit-learn": "data",
    "tensorboard": "",
}
"""Packages that are not needed by the library, and the extra that has them."""
OLDEST: Final = {"python": (3, 11), "torch": (2, 6)}
"""Versions that are known to work begin here."""
ROOM: Final = 1_000_000_000
"""Bytes that a few runs and data sets may take."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    """What it is."""
    state: str
    """`ok`, `warning` or `fault`."""
    value: str
    """What was found."""
    todo: str = ""
    """What to do, if anything."""


def doctor(as_json: bool) -> int:
    """Look at this machine and print what was found.

    Args:
        as_json: Whether to print JSON.

    Returns:
        The exit code: 1 if something does not work, else 0.

    Examples:
        >>> doctor(as_json=False)
        ok...

    Source:
        This project.

    Differs:
        nothing
    """
    findings = list(examine())
    if as_json:
        print(json.dumps([asdict(f) for f in findings], ensure_ascii=True))
    else:
        columns(
            (say(f.state), f.what, f.value if not f.todo else _with(f))
            for f in findings
        )
    return int(any(f.state == "fault" for f in findings))


def examine() -> Iterator[Finding]:
    """Look at versions, devices, folders and the console.

    Yields:
        What was found.

    Examples:
        >>> next(examine()).what
        'Python'

    Source:
        This project.

    Differs:
        nothing
    """
    yield _version("Python", platform.python_version(), OLDEST["python"])
    import numpy
    import safetensors
    import torch

    yield _version("torch", str(torch.__version__), OLDEST["torch"])
    yield Finding("numpy", "ok", numpy.__version__)
    yield Finding("safetensors", "ok", str(safetensors.__version__))
    for name, extra in EXTRAS.items():
        yield _extra(name, extra)
    yield _device()
    yield Finding("threads", "ok", str(torch.get_num_threads()))
    yield _compiler()
    yield _given()
    yield _cache()
    yield _console()
    yield Finding("locale", "ok", str(locale.setlocale(locale.LC_CTYPE)))


def _with(finding: Finding) -> str:
    return f"{finding.value} ({finding.todo})"


def _version(what: str, got: str, oldest: tuple[int, ...]) -> Finding:
    numbers = tuple(int(n) for n in got.split("+")[0].split(".")[:2])
    if numbers >= oldest:
        return Finding(what, "ok", got)
    wanted = ".".join(map(str, oldest))
    error = PfsError(
        "E01",
        where=what,
        expected=f"{wanted} or newer",
        got=got,
        todo=f"install {what} {wanted} or newer",
    )
    return Finding(what, "fault", f"{error.code} {got}", error.todo)


def _extra(name: str, extra: str) -> Finding:
    try:
        return Finding(name, "ok", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        wanted = f'"papers-from-scratch[{extra}]"' if extra else name
        return Finding(name, "warning", "-", f"E05 pip install {wanted}")


def _device() -> Finding:
    from pfs.training.distributed import choose_device

    place = choose_device("auto")
    if place.type != "cuda":
        return Finding("device", "ok", place.type)
    import torch

    return Finding("device", "ok", f"cuda, {torch.cuda.get_device_name()}")


def _compiler() -> Finding:
    found = next(filter(None, map(shutil.which, ("c++", "g++", "clang++"))), "")
    if found or os.name == "nt":
        return Finding("C++", "ok", Path(found).name or "-")
    return Finding("C++", "warning", "-", "compile=true needs a C++ compiler")


def _given() -> Finding:
    folder = os.environ.get("PFS_DATA")
    if folder and not Path(folder).is_dir():
        return Finding("PFS_DATA", "fault", folder, "no such folder")
    return Finding("PFS_DATA", "ok", folder or "-")


def _cache() -> Finding:
    from pfs.data.cache import cache_folder

    try:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except PfsError as error:
        return Finding("PFS_HOME", "warning", error.code, error.todo)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return Finding("PFS_HOME", "fault", str(folder), reason)
    value = f"{folder}, {free / 1e9:.0f} GB"
    if free < ROOM:
        return Finding("PFS_HOME", "warning", value, "D05")
    return Finding("PFS_HOME", "ok", value)


def _console() -> Finding:
    encoding = out.encoding or sys.stdout.encoding or "?"
    try:
        "가中é".encode(encoding)
    except (LookupError, UnicodeError):
        todo = "PYTHONIOENCODING=utf-8"
        return Finding("console", "warning", encoding, todo)
    return Finding("console", "ok", encoding)
