"""Where files are kept, and whether they are still what they were."""

import atexit
import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
import warnings
from functools import cache
from pathlib import Path

from pfs.data.archives import contents
from pfs.data.described import File
from pfs.errors import PfsFileError


class DataWarning(UserWarning):
    """Something went wrong with files, and a way round it was found."""


def cache_folder() -> Path:
    """Return the folder for downloaded files.

    Returns:
        The folder `PFS_HOME` if that variable is set, else the one that the
        operating system keeps for caches.

    Examples:
        >>> isinstance(cache_folder(), Path)
        True

    Source:
        This project.

    Differs:
        nothing
    """
    home = os.environ.get("PFS_HOME")
    if home:
        return Path(home)
    user = Path(os.path.expanduser("~"))  # Path.home() would raise
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else user) / "pfs" / "Cache"
    if sys.platform == "darwin":
        return user / "Library" / "Caches" / "pfs"
    given = os.environ.get("XDG_CACHE_HOME")
    return (Path(given) if given else user / ".cache") / "pfs"


def writable_folder() -> Path:
    """Return the cache, or a temporary folder if nothing can be written there.

    Returns:
        A folder that exists. The temporary one is the same for the whole
        process, is announced once by a `DataWarning` (D06) and is removed
        when the process ends.

    Raises:
        OSError: D06 if not even a temporary folder can be made.

    Examples:
        >>> writable_folder().is_dir()
        True

    Source:
        This project.

    Differs:
        nothing
    """
    folder = cache_folder()
    try:
        if not folder.is_absolute() and str(folder).startswith("~"):
            return _instead_of(folder, "there is no home folder")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        return _instead_of(folder, error.strerror or str(error))


@cache
def _instead_of(folder: Path, reason: str) -> Path:
    try:
        place = Path(tempfile.mkdtemp(prefix="pfs-"))
    except OSError as error:
        raise PfsFileError(
            "D06",
            where=str(folder),
            expected="a folder that can be written, or a temporary one",
            got=f"{reason}; {error}",
            todo="name a folder that can be written: PFS_HOME=FOLDER",
        ) from None
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    fault = PfsFileError(
        "D06",
        where=str(folder),
        expected="a folder that can be written",
        got=reason,
        todo=f"nothing now: {place} is used until the program ends. To keep "
        "files, name another folder: PFS_HOME=FOLDER",
    )
    warnings.warn(str(fault), DataWarning, stacklevel=2)
    return place


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file.

    Args:
        path: The file.

    Returns:
        64 hexadecimal digits.

    Raises:
        OSError: D03 if the file cannot be read.

    Examples:
        >>> sha256_of(Path(tempfile.mkstemp()[1]))[:8]
        'e3b0c442'

    Source:
        This project.

    Differs:
        nothing
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise PfsFileError(
            "D03",
            where=str(path),
            expected="a file that may be read",
            got=error.strerror or str(error),
            todo="look at the file and at who may read it",
        ) from None


def is_right(path: Path, file: File, *, content: bool = False) -> bool:
    """Tell whether a file is the one that its card describes.

    Args:
        path: The file: as it is stored, or decompressed.
        file: What the card says.
        content: Whether another compression of the same bytes will do.

    Returns:
        Whether the checksum is right.

    Raises:
        OSError: D09 if `content` and more comes out of the file than should.

    Source:
        This project.

    Differs:
        nothing
    """
    got = sha256_of(path)
    if got == file.sha256:
        return True
    if not file.raw_sha256 or file.is_archive:
        return False
    if path.suffix not in (".gz", ".xz"):
        return got == file.raw_sha256
    if not content:
        return False
    (data,) = contents(path, file.raw_bytes).values()
    return hashlib.sha256(data).hexdigest() == file.raw_sha256


def put_aside(name: str, path: Path) -> None:
    """Move a damaged file of the cache away, to be looked at; warn with D04.

    Args:
        name: What the message calls the data set.
        path: The file. It becomes `*.bad`.

    Examples:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "a.txt"
        >>> path.touch()
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     put_aside("a", path)
        >>> [p.name for p in path.parent.iterdir()]
        ['a.txt.bad']

    Source:
        This project.

    Differs:
        nothing
    """
    bad = path.with_name(f"{path.name}.bad")
    fault = PfsFileError(
        "D04",
        where=f"{name}: {path}",
        expected="the file that was fetched",
        got=f"sha256 {sha256_of(path)}, {path.stat().st_size:,} bytes",
        todo=f"nothing: it is now {bad.name}, and is fetched again. If this "
        "happens often, test the disk",
    )
    warnings.warn(str(fault), DataWarning, stacklevel=2)
    with contextlib.suppress(OSError):  # a cache that is only read
        path.replace(bad)
