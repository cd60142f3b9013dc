"""What students handed in: which file answers which exercise."""

import ast
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pfs.errors import PfsFileError
from pfs.homework.exercises import Exercise

LARGEST: Final = 1 << 20
"""Bytes of an answer."""
USUAL: Final = frozenset(
    (
        *("__future__", "collections", "dataclasses", "enum", "functools"),
        *("itertools", "math", "numpy", "operator", "pfs", "random"),
        *("torch", "typing"),
    )
)


@dataclass(frozen=True)
class Submission:
    """The folder of one student."""

    student: str
    folder: Path

    def source(self, exercise: Exercise, every: Iterable[str]) -> str | None:
        """Return the answer to an exercise.

        Looked for are `UNIT/NAME.py` at any depth, then `NAME.py`, if no
        other exercise that is graded has this name, then the code cells of
        `UNIT.ipynb`. Links are not followed.

        Args:
            exercise: What was asked.
            every: The ids of all exercises that are graded.

        Returns:
            The text, or `None` if there is none.
        """
        unit, name = exercise.id.split(".")
        files = self._files(f"{name}.py")
        inside = [file for file in files if file.parent.name == unit]
        alone = [id for id in every if id.split(".")[1] == name]
        if inside:
            return _text(inside[0])
        if files and len(alone) == 1:
            return _text(files[0])
        books = self._files(f"{unit}.ipynb")
        return cells(_text(books[0])) if books else None

    def _files(self, name: str) -> list[Path]:
        found = [
            file
            for file in self.folder.rglob(name)
            if file.is_file() and not file.is_symlink() and self._inside(file)
        ]
        return sorted(found, key=lambda file: (len(file.parts), str(file)))

    def _inside(self, file: Path) -> bool:
        return file.resolve().is_relative_to(self.folder.resolve())


def submissions(folder: Path, single: bool = False) -> list[Submission]:
    """Return the submissions of a folder.

    Args:
        folder: With one folder for each student.
        single: Whether it is the folder of one student.

    Returns:
        They, sorted by name.

    Raises:
        OSError: H92 if there are none.
    """
    if single and folder.is_dir():
        return [Submission(_student(folder), folder)]
    inner = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [
        Submission(one.name, one)
        for one in inner
        if one.is_dir() and not one.is_symlink() and one.name[0] != "."
    ]
    if not found:
        raise PfsFileError(
            "H92",
            where=str(folder),
            expected="a folder with one folder for each student",
            got="no folder" if not folder.is_dir() else "no folders in it",
            todo="name the folder above those of the students",
        )
    return found


def _student(folder: Path) -> str:
    """Return who handed in, as Gradescope notes it beside the folder."""
    try:
        text = (folder.parent / "submission_metadata.json").read_text("utf-8")
        return str(json.loads(text)["users"][0]["id"])
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return "submission"


def cells(text: str) -> str:
    """Return the code of a notebook, without commands and checks.

    Args:
        text: Of the notebook.

    Returns:
        A Python source; a broken notebook gives one that cannot be read.
    """
    try:
        found = [
            "".join(cell["source"])
            for cell in json.loads(text)["cells"]
            if cell["cell_type"] == "code"
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "this is not a notebook"
    lines = "\n\n".join(found).splitlines()
    skipped = ("%", "!", "hw.", "import pfs.homework", "from pfs.homework")
    return "\n".join(line for line in lines if not line.startswith(skipped))


def unusual(source: str) -> list[str]:
    """Return what a teacher may want to look at.

    Args:
        source: Of an answer.

    Returns:
        Modules that it imports and that no task needs, and calls of `exec`,
        `eval` or `__import__`. It is a hint, not a proof.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "."]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            names = [name] if name in ("exec", "eval", "__import__") else []
            found += names
            continue
        else:
            continue
        found += [
            name
            for name in names
            if name.split(".")[0] not in USUAL
            or name.startswith("pfs.homework")
        ]
    return sorted(set(found))


def _text(file: Path) -> str:
    if file.stat().st_size > LARGEST:
        return f"this file is larger than {LARGEST} bytes"
    return file.read_text("utf-8-sig", errors="replace")
