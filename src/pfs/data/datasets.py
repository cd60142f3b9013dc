"""Data sets by name: found in a folder, or fetched, and always checked."""

import importlib
import inspect
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pfs.data.archives import contents
from pfs.data.cache import cache_folder, is_right, sha256_of
from pfs.data.cards import Card, File, card
from pfs.data.connection import Progress
from pfs.data.download import fetch, sources_of
from pfs.errors import PfsFileError, PfsValueError


def load(name: str, **options: Any) -> Any:
    r"""Read a data set.

    The files are looked for in the folder that `PFS_DATA` names, then in the
    cache (`PFS_HOME`, or the folder that the system keeps for caches); what
    is in neither is fetched. Every file is checked by its sha256.

    Args:
        name: What `pfs.data.names` lists.
        options: What its reader takes: `split=` for `multi30k`, `source=` and
            `target=` for `ntrex`; of generated data their size and seed.

    Returns:
        What the kind on its card says.

        `text`: a string: UTF-8, NFC, `\n` at line ends. `images`: an
        [`ImageData`][pfs.data.images.ImageData]. `pairs`: a tuple of
        [`Pair`][pfs.data.pairs.Pair]s; of a data set with splits a dict of
        such tuples, unless `split=` names one. `questions`: a tuple of
        [`Question`][pfs.data.questions.Question]s. `similarity`: a tuple of
        (word, word, score). `analogies`: a dict: section -> tuple of four
        words each. `vocabulary`: a tuple of tokens, or of pairs that are
        merged. `dialogue`: a tuple of
        [`Exchange`][pfs.data.pairs.Exchange]s. `bundled`, `generated`: what
        its own page says.

    Raises:
        ValueError: A01 if no data set has this name, or it has no such
            option.
        OSError: What `find` raises if a file cannot be had, D03 if it is not
            laid out as it should be, D09 if an archive is hostile.

    Examples:
        >>> load("story", language="zh") == load("story")
        False

    Source:
        This project.

    Differs:
        nothing
    """
    one = card(name)
    module, function = one.loader.split(":")
    read = getattr(importlib.import_module(module), function)
    given: tuple[dict[str, bytes], ...] = ({},) if one.files else ()
    try:
        inspect.signature(read).bind(*given, **options)
    except TypeError as error:
        raise PfsValueError(
            "A01",
            where=f"pfs.data.load({name!r})",
            expected=f"its options: {_options(read, len(given))}",
            got=str(error),
            todo="leave that option out",
        ) from None
    if not one.files:
        return read(**options)
    inside: dict[str, bytes] = {}
    for file, path in _places(one):
        inside |= contents(path, file.raw_bytes)
    return read(inside, **options)


def find(name: str) -> tuple[Path, ...]:
    """Find the files of a data set, or fetch them; check them either way.

    Args:
        name: What `pfs.data.names` lists.

    Returns:
        The files in the order of the card; none if it needs none. Of a part
        of a larger data set it may be the file of that one.

    Raises:
        ValueError: A01 if no data set has this name.
        OSError: D03 if a file in `PFS_DATA` is not the expected one, and
            what `fetch` raises if a file is nowhere and cannot be fetched.

    Examples:
        >>> find("story")
        ()

    Source:
        This project.

    Differs:
        nothing
    """
    return get(name)


def get(name: str, progress: Progress | None = None) -> tuple[Path, ...]:
    """Have all files of a data set here: `find`, with a report on the way.

    Args:
        name: What `pfs.data.names` lists.
        progress: Called with a file's path, the bytes that came and all its
            bytes, while it is fetched.

    Returns:
        The files, as of `find`.

    Raises:
        ValueError: A01 if no data set has this name.
        OSError: See `find`.

    Examples:
        >>> get("story")
        ()

    Source:
        This project.

    Differs:
        nothing
    """
    return tuple(path for _, path in _places(card(name), progress))


@dataclass(frozen=True)
class Report:
    """What was found of one file.

    Source:
        This project.

    Differs:
        nothing
    """

    file: File
    """What the card says."""
    place: Path | None
    """Where it lies, or `None`."""
    state: Literal["right", "damaged", "missing"]
    """Whether it is the one that the card describes."""
    bytes: int
    """Its length."""
    sha256: str
    """Its checksum, or empty."""


def check(name: str) -> tuple[Report, ...]:
    """Look at every file of a data set again; fetch and change nothing.

    Args:
        name: What `pfs.data.names` lists.

    Returns:
        A report for each file. Of a part of a larger data set it is that of
        the larger one, if that is what `load` would read.

    Raises:
        ValueError: A01 if no data set has this name.

    Examples:
        >>> check("story")
        ()

    Source:
        This project.

    Differs:
        nothing
    """
    one = card(name)
    reports = []
    for file in one.files:
        report = Report(file, None, "missing", 0, "")
        for place, content in _candidates(file):
            right = is_right(place, file, content=content)
            report = Report(
                file,
                place,
                "right" if right else "damaged",
                place.stat().st_size,
                sha256_of(place),
            )
            break
        reports.append(report)
    if one.part_of and any(r.state == "missing" for r in reports):
        whole = check(one.part_of)
        if all(r.state == "right" for r in whole):
            return whole
    return tuple(reports)


def time_machine() -> str:
    """Read The Time Machine by H. G. Wells: `load("time-machine")`."""
    return str(load("time-machine"))


def ingan_munje() -> str:
    """Read 인간 문제 by 강경애: `load("ingan-munje")`."""
    return str(load("ingan-munje"))


def hulanhe_zhuan() -> str:
    """Read 呼兰河传 by 萧红: `load("hulanhe-zhuan")`."""
    return str(load("hulanhe-zhuan"))


def _candidates(file: File) -> Iterator[tuple[Path, bool]]:
    """Yield where the file is, and whether any compression will do there."""
    folder = os.environ.get("PFS_DATA")
    for path in {file.path: 0, file.raw_path: 0}:
        if folder and os.path.isfile(Path(folder, path)):
            yield Path(folder, path), True
    for path in {file.path: 0, file.raw_path: 0}:
        if os.path.isfile(cache_folder() / path):  # Path's own may raise
            yield cache_folder() / path, False


def _local(name: str, file: File) -> Path | None:
    """Return the file if it is here and right; D03 if it must not change."""
    for place, mine in _candidates(file):
        if is_right(place, file, content=mine):
            return place
        if mine or not sources_of(file):
            raise PfsFileError(
                "D03",
                where=f"{name}: {place}",
                expected=f"sha256 {file.sha256}, {file.bytes:,} bytes",
                got=f"sha256 {sha256_of(place)}, "
                f"{place.stat().st_size:,} bytes",
                todo="remove the file and put the published one in its place",
            )
    return None


def _places(
    one: Card, progress: Progress | None = None
) -> list[tuple[File, Path]]:
    """Find or fetch every file."""
    here = [_local(one.name, file) for file in one.files]
    if one.part_of and None in here:
        return _places(card(one.part_of), progress)
    return [
        (file, place or fetch(one.name, file, progress))
        for file, place in zip(one.files, here, strict=True)
    ]


def _options(read: Callable[..., Any], skip: int) -> str:
    names = list(inspect.signature(read).parameters)[skip:]
    return ", ".join(names) or "none"
