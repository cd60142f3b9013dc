"""The exercises: one folder each, and the units that order them.

A folder `exercises/UNIT/NAME` holds

- `task.toml`: title, place in the path, hints, why, words of the invariants;
- `task.en.md`, `task.ko.md`, `task.zh.md`: what to do;
- `start.py`: what the learner finds; `solution.py`; `right/*.py`: other ways;
- `check.py`: the `Battery`; `mistakes.toml`: changes of the solution, each
  with the code that must catch it and words that name it.
"""

import ast
import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pfs.errors import PfsValueError
from pfs.papers import LANGUAGES
from pfs.registry import Kinds, known_keys, read_table, refuse

if TYPE_CHECKING:
    import pfs.homework.battery

HERE: Final = Path(__file__).parent / "exercises"
REQUIRED: Final[Kinds] = {
    "title": dict,
    "name": str,
    "source": str,
    "difficulty": int,
    "importance": int,
    "minutes": int,
    "hints": dict,
    "why": dict,
}
OPTIONAL: Final[Kinds] = {
    "paper": str,
    "needs": list,
    "seconds": (int, float),
    "invariants": dict,
}
HINTS: Final = 3


@dataclass(frozen=True)
class Mistake:
    """A known mistake: a change of the solution."""

    name: str
    changes: tuple[tuple[str, str], ...]
    code: str
    words: Mapping[str, str]

    def applied(self, solution: str) -> str:
        """Return the solution with the mistake in it."""
        for old, new in self.changes:
            if solution.count(old) != 1:
                raise PfsValueError(
                    "K01",
                    where=f"mistakes.toml, [{self.name}]",
                    expected="a part that stands once in solution.py",
                    got=f"{solution.count(old)} times: {old!r}",
                    todo="quote a part of solution.py that stands there once",
                )
            solution = solution.replace(old, new)
        return solution


@dataclass(frozen=True)
class Exercise:
    """One exercise, without its check, which needs torch."""

    id: str
    folder: Path
    title: Mapping[str, str]
    name: str
    source: str
    difficulty: int
    importance: int
    minutes: int
    hints: Mapping[str, Sequence[str]]
    why: Mapping[str, str]
    paper: str = ""
    needs: tuple[str, ...] = ()
    seconds: float = 5.0
    invariants: Mapping[str, Mapping[str, str]] = ()  # type: ignore[assignment]

    def text(self, name: str) -> str:
        """Return a file of the folder."""
        return (self.folder / name).read_text("utf-8")

    def task(self, language: str) -> str:
        """Return what to do."""
        return self.text(f"task.{language}.md")

    @property
    def start(self) -> str:
        """What the learner finds."""
        return self.text("start.py")

    @property
    def solution(self) -> str:
        """One right answer."""
        return self.text("solution.py")

    @property
    def right(self) -> dict[str, str]:
        """Other right answers, by name."""
        files = sorted((self.folder / "right").glob("*.py"))
        return {file.stem: file.read_text("utf-8") for file in files}

    def mistakes(self) -> tuple[Mistake, ...]:
        """Return the known mistakes."""
        return _mistakes(self.folder / "mistakes.toml")

    def battery(self) -> "pfs.homework.battery.Battery":
        """Return the checks."""
        found = _battery(self.folder / "check.py", self.id)
        if found.names or found.adapt:
            return found
        return replace(found, names=self.arguments())

    def arguments(self) -> tuple[str, ...]:
        """Return the names of the arguments, if a function is asked for."""
        for node in ast.parse(self.start).body:
            if isinstance(node, ast.FunctionDef) and node.name == self.name:
                return tuple(argument.arg for argument in node.args.args)
        return ()


@dataclass(frozen=True)
class Unit:
    """Exercises that belong together, in their order."""

    id: str
    title: Mapping[str, str]
    exercises: tuple[str, ...]
    milestone: Mapping[str, str]


@cache
def units(folder: Path = HERE) -> dict[str, Unit]:
    """Read the units in their order.

    Args:
        folder: Where the exercises are.

    Returns:
        The units by id.

    Raises:
        ValueError: K01 if `units.toml` does not hold together.
    """
    path = folder / "units.toml"
    text = path.read_text("utf-8")
    found = {}
    kinds: Kinds = {"title": dict, "exercises": list, "milestone": dict}
    for name, table in read_table(text, path).items():
        known_keys(table, kinds, {}, path, text, name)
        found[name] = Unit(
            name,
            table["title"],
            tuple(f"{name}.{one}" for one in table["exercises"]),
            table["milestone"],
        )
    return found


@cache
def load(folder: Path = HERE) -> dict[str, Exercise]:
    """Read all exercises in their order.

    Args:
        folder: Where they are.

    Returns:
        The exercises by id.

    Raises:
        ValueError: K01 if a file does not hold together.
    """
    return {
        id: read(folder / id.replace(".", "/"), id)
        for unit in units(folder).values()
        for id in unit.exercises
    }


def read(folder: Path, id: str) -> Exercise:
    """Read one exercise.

    Args:
        folder: Of the exercise.
        id: Its id, `unit.name`.

    Returns:
        The exercise.

    Raises:
        ValueError: K01 if `task.toml` does not hold together.
    """
    path = folder / "task.toml"
    text = path.read_text("utf-8")
    table = read_table(text, path)
    known_keys(table, REQUIRED, OPTIONAL, path, text, id)
    for key in ("title", "hints", "why"):
        if sorted(table[key]) != sorted(LANGUAGES):
            refuse(path, text, key, LANGUAGES, sorted(table[key]))
    for language, hints in table["hints"].items():
        if len(hints) != HINTS:
            refuse(path, text, f"{language} =", f"{HINTS} hints", len(hints))
    table["needs"] = tuple(table.get("needs", ()))
    table["invariants"] = table.get("invariants", {})
    return Exercise(id=id, folder=folder, **table)


def pick(id: str, among: Mapping[str, Any] | None = None) -> Exercise:
    """Return an exercise by its id.

    Args:
        id: `unit.name`; the name alone if no other unit has it.
        among: The exercises to choose from.

    Returns:
        The exercise.

    Raises:
        ValueError: A01 if there is none, with the nearest names.
    """
    import difflib

    known: Mapping[str, Exercise] = load() if among is None else among
    short = [one for one in known if one.split(".")[1] == id]
    if id in known or len(short) == 1:
        return known[id if id in known else short[0]]
    near = difflib.get_close_matches(id, [*known, *short], 3, 0.5)
    raise PfsValueError(
        "A01",
        where="pfs hw, exercise",
        expected="an id of `pfs hw list`",
        got=repr(id[:60]),
        todo=f"try {' or '.join(near)}" if near else "pfs hw list",
    )


def chosen(ids: Iterable[str]) -> list[Exercise]:
    """Find exercises by id, by unit, or all of them.

    Args:
        ids: Ids of exercises or units, or `all`.

    Returns:
        The exercises, each once.

    Raises:
        ValueError: A01 if there is no such exercise.
    """
    known, found = load(), []
    for id in ids:
        if id == "all":
            found += list(known)
        elif id in units():
            found += list(units()[id].exercises)
        else:
            found.append(pick(id).id)
    return [known[id] for id in dict.fromkeys(found)]


@cache
def _mistakes(path: Path) -> tuple[Mistake, ...]:
    text = path.read_text("utf-8")
    found = []
    kinds: Kinds = {"change": list, "code": str} | dict.fromkeys(LANGUAGES, str)
    for name, table in read_table(text, path).items():
        known_keys(table, kinds, {}, path, text, name)
        words = {language: table[language] for language in LANGUAGES}
        changes = tuple((old, new) for old, new in table["change"])
        found.append(Mistake(name, changes, table["code"], words))
    return tuple(found)


@cache
def _battery(path: Path, id: str) -> "pfs.homework.battery.Battery":
    from pfs.homework.battery import Battery

    name = f"pfs_homework_{id.replace('.', '_')}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    battery: Battery = module.CHECK
    return battery
