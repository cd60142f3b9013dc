"""Open compressed files and archives without ever writing what is in them.

Members are read into memory and counted while they come, so an archive can
neither leave its folder nor fill the disk or the memory.
"""

import gzip
import io
import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn, Protocol, runtime_checkable

from pfs.errors import PfsFileError

MEMBERS: Final = 10_000
"""An archive of a data set has fewer members than this."""
MEMORY: Final = 256 * 2**20
"""An xz file may ask for no larger dictionary than this, in bytes."""
SLACK: Final = 2**20
"""What a tar file may need beside its members: headers and padding."""

BROKEN: Final = (
    EOFError,
    gzip.BadGzipFile,
    RuntimeError,
    ValueError,
    NotImplementedError,
    lzma.LZMAError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What Python's readers raise for a damaged file."""


@runtime_checkable
class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """Read up to so many bytes."""
        ...


def contents(path: Path, limit: int) -> dict[str, bytes]:
    """Read what is in a file: its members, or itself.

    Args:
        path: A zip or tar archive, a file compressed with gzip or xz, or any
            other file. Its ending tells which.
        limit: How many bytes may come out of it; 0 means that the file is
            neither compressed nor an archive, and as long as it is.

    Returns:
        The bytes by name. The name of a single file is that of the path,
        without `.gz` or `.xz`.

    Raises:
        OSError: D09 if the archive has a member that would leave the folder,
            is a link or a device, or if more than `limit` comes out, or if it
            cannot be read.

    Examples:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "a.txt.gz"
        >>> _ = path.write_bytes(gzip.compress(b"words"))
        >>> contents(path, 5)
        {'a.txt': b'words'}
        >>> contents(path, 4)
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: D09: an archive is refused
          ...

    Source:
        This project.

    Differs:
        `tarfile.extractall(filter="data")` writes into a folder; here nothing
        is written.
    """
    read = _reader(path)
    if read is None:
        return {path.name: path.read_bytes()}
    try:
        return read(path, limit)
    except PfsFileError:
        raise
    except BROKEN as error:
        _refuse(path, "an archive that can be read", repr(error)[:200])


def _reader(path: Path) -> Callable[[Path, int], dict[str, bytes]] | None:
    if path.name.endswith(".zip"):
        return _zip
    if re.search(r"\.(tar|tgz|tar\.gz|tar\.xz)$", path.name):
        return _tar
    return {".gz": _gzip, ".xz": _xz}.get(path.suffix)


def _gzip(path: Path, limit: int) -> dict[str, bytes]:
    with gzip.GzipFile(path) as file:
        return {path.stem: _up_to(file, limit, path)}


def _xz(path: Path, limit: int) -> dict[str, bytes]:
    decompressor = lzma.LZMADecompressor(memlimit=MEMORY)
    data = decompressor.decompress(path.read_bytes(), limit + 1)
    if len(data) > limit:
        _refuse_bomb(path, limit)
    if not decompressor.eof:
        _refuse(path, "a whole xz file", "its end is missing")
    return {path.stem: data}


def _zip(path: Path, limit: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as archive:
        bytes_of = archive.open
        for member in archive.infolist():
            mode = member.external_attr >> 16
            if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
                _refuse_member(path, member.filename, "is a link or a device")
            _check_name(path, member.orig_filename, found)
            if not member.is_dir():
                with bytes_of(member) as file:
                    left = limit - sum(map(len, found.values()))
                    found[member.filename] = _up_to(file, left, path, limit)
    return found


def _tar(path: Path, limit: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with _unpacked(path) as stream:
        counted = _Counted(stream, limit + SLACK, path)
        # As a stream: nothing is read twice, headers are counted as well.
        with tarfile.open(
            fileobj=counted, mode="r|", encoding="utf-8"
        ) as archive:
            for member in archive:
                if not (member.isreg() or member.isdir()) or member.issparse():
                    _refuse_member(path, member.name, "is a link or a device")
                _check_name(path, member.name, found)
                file = archive.extractfile(member)
                if file is not None:
                    left = limit - sum(map(len, found.values()))
                    found[member.name] = _up_to(file, left, path, limit)
    return found


def _unpacked(path: Path) -> gzip.GzipFile | lzma.LZMAFile | io.BufferedReader:
    if path.suffix == ".xz":
        return lzma.LZMAFile(path)
    if path.suffix in (".gz", ".tgz"):
        return gzip.GzipFile(path)
    return path.open("rb")


class _Counted(io.RawIOBase):
    """A file that refuses to be read beyond a limit."""

    def __init__(self, file: Readable, limit: int, path: Path) -> None:
        self.file = file
        self.left = limit
        self.limit = limit
        self.path = path

    def read(self, size: int = -1, /) -> bytes:
        """Read and count."""
        data = self.file.read(size)
        self.left -= len(data)
        if self.left < 0:
            _refuse_bomb(self.path, self.limit)
        return data


def _up_to(file: Readable, left: int, path: Path, limit: int = 0) -> bytes:
    data = file.read(left + 1)
    if len(data) > left:
        _refuse_bomb(path, limit or left)
    return data


def _check_name(path: Path, name: str, found: dict[str, bytes]) -> None:
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or not parts[0] or ":" in name or "\0" in name:
        _refuse_member(path, name, "escapes the folder")
    if name in found:
        _refuse_member(path, name, "is there twice")
    if len(found) >= MEMBERS:
        _refuse(path, f"at most {MEMBERS:,} members", "more")


def _refuse_member(path: Path, name: str, why: str) -> NoReturn:
    _refuse(path, "files below one folder", f"the member {name!r} {why}")


def _refuse_bomb(path: Path, limit: int) -> NoReturn:
    _refuse(path, f"at most {limit:,} bytes after decompressing", "more")


def _refuse(path: Path, expected: str, got: str) -> NoReturn:
    raise PfsFileError(
        "D09",
        where=str(path),
        expected=expected,
        got=got,
        todo="remove the file; fetch it from its authors' page again",
    ) from None
