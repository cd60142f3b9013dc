"""One id, every place: registry, rooms, imports, documentation agree.

What is missing here is the to-do list of whoever adds a paper.
"""

import subprocess
from pathlib import Path

import pytest
from house import directions, files, purity, writing

import pfs
from pfs import ledger, papers
from pfs.errors import CODES
from website import api

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src" / "pfs"
EXERCISES = SRC / "homework" / "exercises"
FILES = sorted(p for p in SRC.rglob("*.py") if EXERCISES not in p.parents)
WRITTEN = [p for p in papers.load().values() if p.written]
INSIDE = ("__init__", "checks", "derivative")  # helpers of the bricks
ESSAYS = [
    *sorted(p for p in (SRC / "nn").glob("*.py") if p.stem not in INSIDE),
    *sorted(p for p in (SRC / "optim").glob("*.py") if p.stem not in INSIDE),
]
ESSAYS += [
    path
    for paper in WRITTEN
    if (path := ROOT / "src" / f"{paper.module.replace('.', '/')}.py")
    and path not in ESSAYS
    and path.is_file()
]
# Where torch's own layers are the oracle or the switch (house.md).
ORACLES = ("kernels.py", "homework/")
# Python's own errors that never reach a user: the loader makes them K01.
CAUGHT = {"ledger.py": ["ValueError has no code"]}
BY_NAME = {"ids": lambda p: name_of(p)}
BY_ID = {"ids": lambda p: p.id}


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def clear(where: str, found: list[str]) -> None:
    """Fail with a line for each thing that somebody has to do."""
    if found:
        lines = "\n".join(f"{where}: {one}" for one in found)
        pytest.fail(lines, pytrace=False)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    name = path.relative_to(SRC.parent).with_suffix("").as_posix()
    return name.replace("/", ".").removesuffix(".__init__")


@pytest.mark.parametrize("paper", WRITTEN, **BY_ID)
def test_a_written_paper_has_all_its_rooms(paper):
    missing = files.missing_rooms(ROOT, paper)
    if not any(e.paper == paper.id for e in ledger.load().values()):
        missing.append(f"missing: numbers of {paper.id} in ledger.toml")
    if paper.topic not in dir(pfs):
        missing.append(f"missing: {paper.topic!r} in pfs/__init__.py, _TOPICS")
    pages = "".join(api.api_pages().values())
    if f"::: {paper.module}\n" not in pages:
        missing.append(f"missing: the API page of {paper.module}")
    clear(paper.id, missing)


@pytest.mark.parametrize("path", FILES, **BY_NAME)
def test_nothing_is_ready_made(path):
    if not path.relative_to(SRC).as_posix().startswith(ORACLES):
        clear(name_of(path), purity.impure(text_of(path)))


@pytest.mark.parametrize("path", FILES, **BY_NAME)
def test_imports_go_one_way(path):
    found = directions.wrong_direction(module_of(path), text_of(path))
    clear(name_of(path), found)


@pytest.mark.parametrize("path", ESSAYS, **BY_NAME)
def test_bricks_and_papers_are_documented(path):
    clear(name_of(path), writing.undocumented(text_of(path)))
    clear(name_of(path), writing.shapeless(text_of(path)))


@pytest.mark.parametrize("path", ESSAYS, **BY_NAME)
def test_equation_and_line_have_the_same_number(path):
    clear(name_of(path), writing.equations_apart(text_of(path)))


@pytest.mark.parametrize("paper", WRITTEN, **BY_ID)
def test_the_note_shows_the_equations_of_the_code(paper):
    module = ROOT / "src" / f"{paper.module.replace('.', '/')}.py"
    note = ROOT / "docs" / "notes" / f"{paper.id}.md"
    if module.is_file() and note.is_file():
        found = writing.equations_not_shown(text_of(module), text_of(note))
        clear(name_of(note), found)


@pytest.mark.parametrize("path", FILES, **BY_NAME)
def test_a_file_can_be_read_in_one_go(path):
    clear(name_of(path), writing.too_long(text_of(path)))
    if path.name != "cli.py":  # there a parameter is an option
        clear(name_of(path), writing.too_many(text_of(path)))


@pytest.mark.parametrize(
    "path",
    [
        path
        for folder in ("src", "website", "tests", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ],
    **BY_NAME,
)
def test_text_files_are_opened_with_their_encoding(path):
    clear(name_of(path), files.without_encoding(text_of(path)))


@pytest.mark.parametrize("path", FILES, **BY_NAME)
def test_every_error_has_a_code_and_a_test(path):
    """The code occurs in the tests of the module's own folder."""
    excused = CAUGHT.get(path.name, [])
    faults = files.errors_without_code(text_of(path))
    faults = [f for f in faults if f.split(": ")[1] not in excused]
    clear(name_of(path), faults)
    codes = files.codes_raised(text_of(path))
    assert codes <= set(CODES)
    part = path.relative_to(SRC).parts[0].removesuffix(".py")
    tests = "".join(map(text_of, judges_of(part)))
    untested = sorted(c for c in codes if f'"{c}"' not in tests)
    clear(name_of(path), [f"no test meets {code}" for code in untested])


def test_every_code_is_raised():
    raised = [files.codes_raised(text_of(p)) for p in FILES]
    assert set().union(*raised) == set(CODES)


FAMILIES = {
    "cli": ("tests",),
    "commands": ("tests", "recipes"),
    "registry": ("registry",),
    "papers": ("registry",),
    "ledger": ("registry",),
    "orders": ("registry",),
    "terms": ("registry",),
    "training": ("training", "recipes", "faults"),
    "backend": ("tests",),
    "errors": ("nn",),
    "nn": ("nn", "recurrent"),
}


def judges_of(part: str) -> list[Path]:
    """Return the tests of a part of the package."""
    folders = {part, *FAMILIES.get(part, ())}
    every = (ROOT / "tests").rglob("test_*.py")
    return [
        p
        for p in every
        if p.parent.name in folders or part in p.stem.split("_")
    ]


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.split("\n") if listed.returncode == 0 else []
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_file_is_large_and_none_speaks_of_a_machine():
    for path in tracked():
        if path.name != "test_files.py":  # it plants such words
            clear(name_of(path), files.indiscreet(path))
