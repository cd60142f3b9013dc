"""Fetch a file once, check it, keep it."""

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn

from pfs.data.cache import cache_folder, is_right, put_aside, writable_folder
from pfs.data.connection import (
    CutOffError,
    OtherFileError,
    Progress,
    fault_of,
    offline,
    package,
    receive,
)
from pfs.data.described import File
from pfs.errors import PfsFileError

WAITS: Final = (1.0, 2.0, 4.0)
"""Seconds to wait before each further try of a download that broke off."""
PATIENCE: Final = 1800.0
"""Seconds to wait for another process that fetches the same file."""
FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What a disk says that takes no more."""


@dataclass(frozen=True)
class Source:
    """An address, and what it should give."""

    url: str
    path: str
    sha256: str
    bytes: int


def sources_of(file: File) -> tuple[Source, ...]:
    """List the addresses of a file, compressed ones first.

    Args:
        file: What the card says.

    Returns:
        The addresses, each with the path, checksum and length of what is
        there.

    Examples:
        >>> sources_of(File(path="a", sha256="", bytes=0))
        ()

    Source:
        This project.

    Differs:
        nothing
    """
    raw = (file.raw_path, file.raw_sha256, file.raw_bytes)
    return (
        *(Source(u, file.path, file.sha256, file.bytes) for u in file.urls),
        *(Source(url, *raw) for url in file.raw_urls),
    )


def fetch(name: str, file: File, progress: Progress | None = None) -> Path:
    """Fetch a file from the first address that gives the right one.

    The file is written beside its place, checked and moved: what lies in the
    cache is whole. A damaged file in the cache is put aside and fetched
    again. Of several processes one fetches, the others wait.

    Args:
        name: What a message calls the data set.
        file: What its card says.
        progress: Called while bytes come.

    Returns:
        The file in the cache.

    Raises:
        OSError: D01 if no address has it, D02 if the download breaks off
            every time, D03 if what comes is another file, D05 if the disk is
            full, D06 if nothing can be written, D07 if there is no network or
            no address, D08 if a proxy or a certificate is refused, D10 if
            another process does not finish, E05 if pooch, requests or
            filelock is not installed.

    Examples:
        >>> moon = File(path="moon.txt", sha256="0" * 64, bytes=9)
        >>> fetch("moon", moon)
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: D07: a data set cannot be fetched from here
          where:    moon
          ...

    Source:
        This project.

    Differs:
        d2l's `download` keeps whatever the server sent, an error page
        included; here the checksum decides, and nothing else is kept.
    """
    sources = sources_of(file)
    if not sources:
        _give_up(name, file, [])
    filelock, _ = package("filelock"), package("pooch")
    folder = writable_folder()
    locks = folder / ".locks"
    locks.mkdir(exist_ok=True)
    lock = filelock.FileLock(locks / file.sha256[:16], timeout=PATIENCE)
    try:
        with lock:
            return _fetch(name, file, folder, progress)
    except filelock.Timeout:
        raise PfsFileError(
            "D10",
            where=name,
            expected=f"the lock {lock.lock_file}",
            got=f"another process has held it for {PATIENCE:,.0f} s",
            todo="wait for that process or end it; then try again",
        ) from None


def _fetch(
    name: str, file: File, folder: Path, progress: Progress | None
) -> Path:
    """Fetch while nobody else does."""
    for path in {file.path: 0, file.raw_path: 0}:
        place = folder / path
        if place.is_file():
            if is_right(place, file):  # fetched while we waited
                return place
            put_aside(name, place)
    sources = sources_of(file)
    if offline(source.url for source in sources):
        faults = [(source, "D07", "no network") for source in sources]
        _give_up(name, file, faults)
    faults = []
    for source in sources:
        fault = _try(name, source, folder, progress)
        if fault is None:
            return folder / source.path
        faults.append((source, *fault))
    _give_up(name, file, faults)


def _try(
    name: str, source: Source, folder: Path, progress: Progress | None
) -> tuple[str, str] | None:
    """Fetch from one address; return a code and what went wrong, if it did."""
    place = folder / source.path
    if shutil.disk_usage(folder).free < source.bytes:
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        _refuse_disk(name, source, folder, full)
    fault = ("D02", "")
    tries = (0.0, *WAITS)
    for number, wait in enumerate(tries, start=1):
        time.sleep(wait)
        try:
            with _aside(folder, source) as new:
                _retrieve(source, new, progress)
                place.parent.mkdir(parents=True, exist_ok=True)
                new.replace(place)
            return None
        except (CutOffError, OtherFileError) as error:
            fault = fault_of(error)
        except OSError as error:
            if error.errno is not None:  # not of requests: of the disk
                _refuse_disk(name, source, folder, error)
            fault = fault_of(error)
        except ValueError as error:  # pooch found another checksum
            got = str(error).partition("but got ")[2][:64]
            return "D03", f"another file, sha256 {got}"
        if fault[0] != "D02":
            return fault
        fault = (fault[0], f"{fault[1]}, {number} times")
    return fault


def _retrieve(source: Source, new: Path, progress: Progress | None) -> None:
    pooch = package("pooch")
    pooch.get_logger().setLevel("WARNING")  # a library is silent
    tell = partial(progress or _silent, source.path)

    def download(url: str, output: str, _: Any) -> None:
        with open(output, "wb") as file:
            receive(url, file, source.bytes, lambda n: tell(n, source.bytes))

    pooch.retrieve(
        source.url,
        known_hash=f"sha256:{source.sha256}",
        fname=new.name,
        path=new.parent,
        downloader=download,
    )


def _silent(path: str, done: int, total: int) -> None:
    pass


@contextmanager
def _aside(folder: Path, source: Source) -> Iterator[Path]:
    """Make a place to write to, and leave nothing there.

    Only who holds the lock is here: what a killed process left may go.
    """
    aside = folder / ".parts" / source.sha256[:16]
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside / "file"
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _refuse_disk(
    name: str, source: Source, folder: Path, error: OSError
) -> NoReturn:
    """Raise D05 if the disk is full, or what a user may have of it."""
    full = error.errno in FULL
    raise PfsFileError(
        "D05" if full else "D06",
        where=f"{name}: {folder}",
        expected=f"{source.bytes:,} bytes for {source.path}",
        got=f"{error.strerror}; "
        f"{shutil.disk_usage(folder).free:,} bytes are free",
        todo="make room, or name a folder on another disk: PFS_HOME=FOLDER"
        if full
        else "name a folder that can be written: PFS_HOME=FOLDER",
    ) from None


def _give_up(
    name: str, file: File, faults: list[tuple[Source, str, str]]
) -> NoReturn:
    codes = {code for _, code, _ in faults}
    here = os.environ.get("PFS_DATA") or "not set"
    got = f"{len(faults)} addresses tried: " + "; ".join(
        f"{source.url}: {what}" for source, _, what in faults
    )
    way = "try again later, or " if codes & {"D01", "D02"} else ""
    if "D08" in codes:
        way = "set HTTPS_PROXY, SSL_CERT_FILE as your network needs them, or "
    raise PfsFileError(
        "D03"
        if "D03" in codes
        else "D02"
        if "D02" in codes
        else "D08"
        if "D08" in codes
        else "D01"
        if "D01" in codes
        else "D07",
        where=name,
        expected=f"{file.path}, {file.bytes:,} bytes, sha256 {file.sha256}, "
        f"in the folder that PFS_DATA names ({here}) or in {cache_folder()}",
        got=got if faults else "no such file, and no address to fetch it from",
        todo=f"{way}put the file at {cache_folder() / file.path} yourself. "
        "`pfs data list` shows the data that need no download",
    ) from None
