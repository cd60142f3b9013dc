"""Data sets by name: found in a folder, or fetched, and always checked."""

import gzip
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pfs.data.download import cache_folder, fetch
from pfs.errors import PfsFileError, PfsValueError
from pfs.text.files import decode_text


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """What is known of a data set before it is read."""

    title: str
    """The work, as a catalogue names it."""
    path: str
    """Where the file lies below the folder that `PFS_DATA` names."""
    sha256: str
    """Of the file as it is stored."""
    raw_sha256: str
    """Of the bytes after decompressing: the text itself."""
    characters: int
    """How many the text has."""
    urls: tuple[str, ...]
    """Public addresses of the stored file; empty if there is none."""
    licence: str
    """Under what terms it may be used."""
    language: str
    """`en`, `ko` or `zh`."""


DATASETS: Final = {
    "time-machine": Dataset(
        title="H. G. Wells, The Time Machine (1895), the d2l book's text",
        path="text/timemachine.txt",
        sha256="8424dbd9532ac81f7e5f0b6add90e695"
        "2baea29158309d7d1bf3884f4e12c516",
        raw_sha256="8424dbd9532ac81f7e5f0b6add90e695"
        "2baea29158309d7d1bf3884f4e12c516",
        characters=178_979,
        urls=(
            "https://d2l-data.s3-accelerate.amazonaws.com/timemachine.txt",
            "https://d2l-data.s3.amazonaws.com/timemachine.txt",
        ),
        licence="public domain",
        language="en",
    ),
    "ingan-munje": Dataset(
        title="강경애, 인간 문제 (1934)",
        path="text/ko_ingan-munje.txt.gz",
        sha256="1cd28de59d5a2d79335eae0c1a927254"
        "4847c2a0c2e414beabc8a55256aa9f5a",
        raw_sha256="34744fd37bba529ffe63e1daf97cb5a8"
        "0d0046f7d481cc8b777c2cb06901d03e",
        characters=239_261,
        urls=(),
        licence="public domain (the author died in 1944)",
        language="ko",
    ),
    "hulanhe-zhuan": Dataset(
        title="萧红, 呼兰河传 (1940), without its preface",
        path="text/zh_hulanhe-zhuan.txt.gz",
        sha256="084e0005775abf996325c02d5b0138f1"
        "6023e0f3bc87f02366eef70755654a20",
        raw_sha256="ea44510c41ab56e3d5864e8f97a295fc"
        "81e186ac91b0f2851c3aee0fe55d6b4b",
        characters=98_906,
        urls=(),
        licence="public domain (the author died in 1942)",
        language="zh",
    ),
}
"""The data sets that have a name, and their checksums."""


def find(name: str) -> Path:
    """Find the file of a data set, or fetch it; check it either way.

    First the folder that `PFS_DATA` names, then the cache (`PFS_HOME`, or the
    folder the system keeps for caches), then the public address.

    Args:
        name: A key of `DATASETS`.

    Returns:
        A file whose sha256 is that of the table.

    Raises:
        ValueError: A01 if no data set has this name.
        OSError: D03 if the file in `PFS_DATA` is not the expected one, D07 if
            it is nowhere and has no public address, D01 if no address
            answers, D02 if the download breaks off, E05 if it would have to
            be downloaded and pooch is not installed.

    Examples:
        >>> find("war-and-peace")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsValueError: A01: an argument is out of range
          where:    pfs.data, name
          expected: 'time-machine' or 'ingan-munje' or 'hulanhe-zhuan'
          got:      'war-and-peace'
          do this:  choose one of these names

    Source:
        This project.

    Differs:
        nothing
    """
    if name not in DATASETS:
        raise PfsValueError(
            "A01",
            where="pfs.data, name",
            expected=" or ".join(map(repr, DATASETS)),
            got=repr(name),
            todo="choose one of these names",
        )
    dataset = DATASETS[name]
    here = _in_folder(name, dataset)
    if here:
        return here
    if dataset.urls:
        return fetch(name, dataset.path, dataset.sha256, dataset.urls)
    cached = cache_folder() / dataset.path
    if cached.is_file():
        return check(cached, name, dataset.sha256)
    raise PfsFileError(
        "D07",
        where=name,
        expected=f"a file {dataset.path} in the folder that PFS_DATA names "
        f"(now {os.environ.get('PFS_DATA') or 'not set'}), or {cached}",
        got="no such file, and no address to fetch it from",
        todo="put the file there; its sha256 must be "
        f"{dataset.sha256}. Or train on a text of yours: --text FILE",
    )


def check(path: Path, name: str, sha256: str) -> Path:
    """Refuse a file that is not the one the table describes.

    Args:
        path: The file.
        name: What the message calls it.
        sha256: The expected checksum.

    Returns:
        The same path.

    Raises:
        OSError: D03 if the checksum is another.

    Examples:
        >>> import tempfile
        >>> empty = Path(tempfile.mkstemp()[1])
        >>> check(empty, "nothing", hashlib.sha256(b"").hexdigest()) == empty
        True

    Source:
        This project.

    Differs:
        nothing
    """
    got = hashlib.sha256(path.read_bytes()).hexdigest()
    if got != sha256:
        raise PfsFileError(
            "D03",
            where=f"{name}: {path}",
            expected=f"sha256 {sha256}",
            got=f"sha256 {got}, {path.stat().st_size:,} bytes",
            todo="remove the file and put the published one in its place",
        )
    return path


def load(name: str) -> str:
    r"""Read a data set that is one text.

    Args:
        name: A key of `DATASETS`.

    Returns:
        The text: UTF-8, NFC, `\n` at line ends.

    Raises:
        ValueError: A01 if no data set has this name.
        OSError: What `find` raises if the file cannot be had.

    Examples:
        >>> sorted(DATASETS)
        ['hulanhe-zhuan', 'ingan-munje', 'time-machine']

    Source:
        This project.

    Differs:
        nothing
    """
    path = find(name)
    data = path.read_bytes()
    return decode_text(
        gzip.decompress(data) if path.suffix == ".gz" else data, str(path)
    )


def time_machine() -> str:
    """Read The Time Machine by H. G. Wells: `load("time-machine")`."""
    return load("time-machine")


def ingan_munje() -> str:
    """Read 인간 문제 by 강경애: `load("ingan-munje")`."""
    return load("ingan-munje")


def hulanhe_zhuan() -> str:
    """Read 呼兰河传 by 萧红: `load("hulanhe-zhuan")`."""
    return load("hulanhe-zhuan")


def _in_folder(name: str, dataset: Dataset) -> Path | None:
    folder = os.environ.get("PFS_DATA")
    path = Path(folder) / dataset.path if folder else None
    if path is None or not path.is_file():
        return None
    return check(path, name, dataset.sha256)
