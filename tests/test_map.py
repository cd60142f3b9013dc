"""One id, every place: registry, rooms, imports, documentation agree."""

import re
import subprocess
from pathlib import Path

import pytest
import rules

from pfs import ledger, papers
from pfs.errors import CODES

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src" / "pfs"
FILES = sorted(SRC.rglob("*.py"))
WRITTEN = [p for p in papers.load().values() if p.written]
ESSAYS = sorted(
    {*(SRC / "nn").glob("*.py"), *(SRC / "optim").glob("*.py")}
    | {ROOT / "src" / (p.module.replace(".", "/") + ".py") for p in WRITTEN}
)
BY_NAME = {"ids": lambda p: p.relative_to(SRC).as_posix()}


def module_of(path: Path) -> str:
    name = path.relative_to(SRC.parent).with_suffix("").as_posix()
    return name.replace("/", ".").removesuffix(".__init__")


@pytest.mark.parametrize("paper", WRITTEN, ids=lambda p: p.id)
def test_a_written_paper_has_all_its_rooms(paper):
    assert rules.missing_rooms(ROOT, paper) == []


@pytest.mark.parametrize("paper", WRITTEN, ids=lambda p: p.id)
def test_a_written_paper_has_numbers(paper):
    assert any(e.paper == paper.id for e in ledger.load().values())


@pytest.mark.parametrize("path", FILES, **BY_NAME)
def test_nothing_is_ready_made(path):
    assert rules.impure(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", FILES, **BY_NAME)
def test_imports_go_one_way(path):
    source = path.read_text("utf-8")
    assert rules.wrong_direction(module_of(path), source) == []


@pytest.mark.parametrize("path", ESSAYS, **BY_NAME)
def test_bricks_and_papers_are_documented(path):
    if path.stem in ("__init__", "checks", "derivative"):
        return
    source = path.read_text("utf-8")
    assert rules.undocumented(source) == []
    assert rules.shapeless(source) == []


@pytest.mark.parametrize("path", ESSAYS, **BY_NAME)
def test_equation_and_line_have_the_same_number(path):
    assert rules.equations_apart(path.read_text("utf-8")) == []


@pytest.mark.parametrize("paper", WRITTEN, ids=lambda p: p.id)
def test_the_note_shows_the_equations_of_the_code(paper):
    path = ROOT / "src" / (paper.module.replace(".", "/") + ".py")
    tags = set(re.findall(r"\\tag\{(\w+)\}", path.read_text("utf-8")))
    note = (ROOT / "docs" / "notes" / f"{paper.id}.md").read_text("utf-8")
    assert tags <= set(re.findall(r"\\tag\{(\w+)\}", note))


@pytest.mark.parametrize("path", FILES, **BY_NAME)
def test_a_file_can_be_read_in_one_go(path):
    assert rules.too_long(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "path",
    [*FILES, *sorted((ROOT / "website").glob("*.py"))],
    ids=lambda p: p.name,
)
def test_text_files_are_opened_with_their_encoding(path):
    assert rules.without_encoding(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", FILES, **BY_NAME)
def test_every_error_has_a_code_and_a_test(path):
    """The code occurs in the tests of the module's own folder."""
    codes = rules.codes_raised(path.read_text("utf-8"))
    assert codes <= set(CODES)
    folder = path.relative_to(SRC).parts[0].removesuffix(".py")
    tests = "".join(
        p.read_text("utf-8")
        for p in (ROOT / "tests").rglob("*.py")
        if "mutants" not in p.parts
        and (
            folder in p.as_posix() or p.parent.name in FAMILIES.get(folder, ())
        )
    )
    assert {c for c in codes if f'"{c}"' not in tests} == set()


FAMILIES = {
    "cli": ("tests",),
    "commands": ("tests", "recipes"),
    "registry": ("registry",),
    "papers": ("registry",),
    "ledger": ("registry",),
    "orders": ("registry",),
    "terms": ("registry",),
    "training": ("training", "recipes"),
    "errors": ("nn",),
    "nn": ("nn", "recurrent"),
}


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
    places = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/")
    for path in tracked():
        assert path.stat().st_size <= 600_000, path
        if path.suffix in (".py", ".md", ".toml", ".yml", ".txt", ".html"):
            if path == Path(__file__):
                continue
            assert not places.search(path.read_text("utf-8")), path
