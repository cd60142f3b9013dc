"""What a learner has done: one file, for all folders and notebooks.

`progress.json` holds, for every exercise that was touched, its state, how
often it was checked and what help was used. It is written beside and moved;
a damaged file is kept under another name and never written over.
"""

import datetime
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from pfs.errors import PfsFileError
from pfs.homework.exercises import HINTS

FORMAT: Final = 1
STATES: Final = ("begun", "passed")


@dataclass(frozen=True)
class Record:
    """What was done of one exercise."""

    state: str = "begun"
    """`begun` or `passed`; once passed, it stays so."""
    checks: int = 0
    """How often it was checked after it was begun."""
    hints: int = 0
    """How many hints were shown."""
    gave_up: bool = False
    """Whether the solution was shown before it passed."""
    first: str = ""
    passed: str = ""


def place() -> Path:
    """Return where the file is.

    Returns:
        `progress.json` in the folder `PFS_HOME` if that variable is set, else
        in the one that the system keeps for the data of programs.
    """
    home = os.environ.get("PFS_HOME")
    if home:
        return Path(home) / "progress.json"
    from pfs.homework.needs import platformdirs

    return Path(platformdirs().user_data_dir("pfs", False)) / "progress.json"


def load(path: Path | None = None) -> dict[str, Record]:
    """Read the file.

    Args:
        path: Where it is; the learner's own if `None`.

    Returns:
        The records by exercise; none if there is no file yet. A file that
        cannot be read is moved aside, to `progress.damaged.json`.

    Raises:
        OSError: H91 if a newer version has written it.
    """
    path = place() if path is None else path
    try:
        whole = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _unusable(path, str(error)) from None
    try:
        table = json.loads(whole.decode())
        number = table["format"]
        if number > FORMAT:
            raise _unusable(path, f"format {number}, from a newer version")
        return {str(id): _record(one) for id, one in table["exercises"].items()}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        _keep_aside(path)
        return {}


def change(
    id: str, function: Callable[[Record], Record], path: Path | None = None
) -> Record:
    """Change one record; others may write at the same time.

    Args:
        id: Of the exercise.
        function: Makes the new record out of the old one.
        path: Where the file is; the learner's own if `None`.

    Returns:
        The new record.

    Raises:
        OSError: H91 if the file cannot be written.
    """
    from pfs.homework.needs import filelock

    path = place() if path is None else path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with filelock().FileLock(f"{path}.lock", timeout=10):
            records = load(path)
            new = function(records.get(id, Record(first=today())))
            records[id] = new
            _write(path, records)
        return new
    except (OSError, TimeoutError) as error:
        if isinstance(error, PfsFileError):
            raise
        raise _unusable(path, str(error)) from None


def checked(id: str, passed: bool, path: Path | None = None) -> Record:
    """Take down a check.

    Args:
        id: Of the exercise.
        passed: Whether everything was right.
        path: Where the file is; the learner's own if `None`.

    Returns:
        The record.
    """

    def update(old: Record) -> Record:
        new = replace(old, checks=old.checks + 1)
        if passed and old.state != "passed":
            new = replace(new, state="passed", passed=today())
        return new

    return change(id, update, path)


def hinted(id: str, path: Path | None = None) -> int:
    """Take down that one more hint is shown.

    Args:
        id: Of the exercise.
        path: Where the file is; the learner's own if `None`.

    Returns:
        How many hints are shown now.
    """

    def update(old: Record) -> Record:
        return replace(old, hints=min(old.hints + 1, HINTS))

    return change(id, update, path).hints


def may_see(id: str, give_up: bool, path: Path | None = None) -> bool:
    """Tell whether the solution may be shown, and take down a surrender.

    Args:
        id: Of the exercise.
        give_up: Whether the learner gives up.
        path: Where the file is; the learner's own if `None`.

    Returns:
        True if it is passed, or the learner gives up or has given up.
    """
    record = load(path).get(id, Record())
    if record.state == "passed" or record.gave_up:
        return True
    if give_up:
        change(id, lambda old: replace(old, gave_up=True), path)
    return give_up


def passed(done: Mapping[str, Record], id: str) -> bool:
    """Tell whether an exercise is passed."""
    return id in done and done[id].state == "passed"


def today() -> str:
    """Return the date."""
    return datetime.date.today().isoformat()


def _write(path: Path, records: dict[str, Record]) -> None:
    whole = {
        "format": FORMAT,
        "exercises": {id: asdict(record) for id, record in records.items()},
    }
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(beside, "w", encoding="utf-8") as file:
            json.dump(whole, file, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _record(table: Any) -> Record:
    """Read one record; keys that this version does not know are left out."""
    known = {key: table[key] for key in asdict(Record()) if key in table}
    for key, value in known.items():
        if type(value) is not type(getattr(Record(), key)):
            raise _Damaged
    record = Record(**known)
    if record.state not in STATES:
        raise _Damaged
    return record


def _keep_aside(path: Path) -> None:
    """Move a damaged file; those that were kept before stay too."""
    aside, number = path.with_name("progress.damaged.json"), 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"progress.damaged-{number}.json")
    try:
        os.replace(path, aside)
    except FileNotFoundError:  # another process was quicker
        return
    except OSError as error:
        raise _unusable(path, f"damaged: {error}") from None


class _Damaged(ValueError):
    pass


def _unusable(path: Path, reason: str) -> PfsFileError:
    return PfsFileError(
        "H91",
        where=str(path),
        expected="a record of progress that can be read and written",
        got=reason,
        todo="update pfs, or name another folder: PFS_HOME=FOLDER",
    )
