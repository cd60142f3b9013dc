"""The learner's folder: a file for each exercise, and the language.

`pfs-homework/` holds `homework.toml` and `UNIT/NAME.py`. What a learner wrote
is never written over: `reset` keeps it as `NAME.old.py`.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pfs.errors import PfsFileError
from pfs.homework.exercises import Exercise, load
from pfs.homework.messages import say
from pfs.papers import LANGUAGES

NAME: Final = "homework.toml"
FOLDER: Final = "pfs-homework"
WIDE: Final = 76
INLINE: Final = r"`[^`]*`|\$[^$]*\$"
WIDE_LETTER: Final = "\u2e80-\u9fff\uff00-\uffef"
CLOSING: Final = (
    "\u3001\u3002\u3009\u300b\u300d\u300f\uff01\uff09\uff0c\uff1a\uff1b\uff1f"
)
OPENING: Final = "〈《「『（"
PIECES: Final = re.compile(
    rf"\s+|[{OPENING}]*(?:[{WIDE_LETTER}]|(?:{INLINE}|[^\s`${WIDE_LETTER}])+)"
    rf"[{CLOSING}]*"
)
"""Where no line may break: no mark begins a line, none that opens ends one."""


@dataclass(frozen=True)
class Workspace:
    """A folder of answers."""

    folder: Path
    language: str

    def file(self, id: str) -> Path:
        """Return the file of an exercise."""
        unit, name = id.split(".")
        return self.folder / unit / f"{name}.py"


def start(folder: Path, language: str) -> Workspace:
    """Lay out a folder, or add to one what is missing.

    Args:
        folder: Where.
        language: `en`, `ko` or `zh`.

    Returns:
        The workspace.

    Raises:
        OSError: H90 if the folder cannot be written.
    """
    workspace = Workspace(folder, language)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NAME).write_text(f'language = "{language}"\n', "utf-8")
        for exercise in load().values():
            lay_out(workspace, exercise)
    except OSError as error:
        raise PfsFileError(
            "H90",
            where=str(folder),
            expected="a folder that can be written",
            got=error.strerror or str(error),
            todo="name another one: pfs hw start FOLDER",
        ) from None
    return workspace


def lay_out(workspace: Workspace, exercise: Exercise) -> bool:
    """Write the file of an exercise if there is none.

    Args:
        workspace: Where.
        exercise: Which.

    Returns:
        Whether it was written.
    """
    file = workspace.file(exercise.id)
    if file.exists():
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    text = headed(exercise, workspace.language)
    beside = file.with_name(f".{file.name}.part")
    beside.write_text(text, "utf-8")
    beside.replace(file)
    return True


def reset(workspace: Workspace, exercise: Exercise) -> Path | None:
    """Begin an exercise anew and keep what was there.

    Args:
        workspace: Where.
        exercise: Which.

    Returns:
        Where the old answer is, if there was one.
    """
    file, kept = workspace.file(exercise.id), None
    if file.exists():
        number = 1
        kept = file.with_name(f"{file.stem}.old.py")
        while kept.exists():
            number += 1
            kept = file.with_name(f"{file.stem}.old{number}.py")
        file.rename(kept)
    lay_out(workspace, exercise)
    return kept


def headed(exercise: Exercise, language: str) -> str:
    """Return the file that a learner finds: the task, then the start."""
    title = f"{exercise.id}: {exercise.title[language]}"
    parts = [title, *exercise.task(language).strip().split("\n")]
    parts += ["", say("word.rules", language), ""]
    parts.append(say("word.help", language, id=exercise.id))
    lines = [line for part in parts for line in _wrapped(part)]
    lines.insert(1, "")
    comment = "\n".join(f"# {line}".rstrip() for line in lines)
    return f"{comment}\n\n{exercise.start}"


def _wrapped(text: str) -> list[str]:
    """Break a text into lines; formulas and tables stay in one piece."""
    if not text or text.startswith(("$$", "|", "    ")):
        return [text]
    lines = [""]
    for piece in PIECES.findall(text):
        if _width(lines[-1]) + _width(piece.rstrip()) > WIDE:
            lines.append("")
        if lines[-1] or piece.strip():
            lines[-1] += piece
    return [line.rstrip() for line in lines]


def _width(text: str) -> int:
    """Count columns: letters of Korean and Chinese take two."""
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def find(start_at: Path | None = None) -> Workspace:
    """Find the workspace: here, above, or `pfs-homework` in here.

    Args:
        start_at: Where to look; the current folder if `None`.

    Returns:
        The workspace.

    Raises:
        OSError: H90 if there is none.
    """
    here = (Path.cwd() if start_at is None else start_at).resolve()
    for folder in (here, *here.parents, here / FOLDER):
        path = folder / NAME
        if not path.is_file():
            continue
        try:
            table = tomllib.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            table = {}
        language = table.get("language")
        return Workspace(folder, language if language in LANGUAGES else "")
    raise PfsFileError(
        "H90",
        where=str(here),
        expected=f"a folder with {NAME}, as `pfs hw start` makes it",
        got="none here, above, or below as pfs-homework",
        todo="pfs hw start",
    )
