"""What stops a build: a file, a line and a reason."""

from dataclasses import dataclass
from pathlib import Path

from website import ROOT


@dataclass(frozen=True, order=True)
class Problem:
    """Something a person has to repair."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        path = self.path
        if path.is_absolute() and path.is_relative_to(ROOT):
            path = path.relative_to(ROOT)
        return f"{path}:{self.line}: {self.message}"


class PageError(Exception):
    """A page cannot be built."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        self.problem = Problem(path, line, message)
        super().__init__(str(self.problem))


def line_of(text: str, part: str) -> int:
    """Return the line on which a part of a text begins, or 1."""
    place = text.find(part)
    return text.count("\n", 0, place) + 1 if place >= 0 else 1
