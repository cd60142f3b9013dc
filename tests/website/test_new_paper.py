"""Laying out the rooms of a planned paper."""

import shutil

import nbformat
import pytest

from pfs import papers
from website import ROOT, lint, new_paper, notebooks


@pytest.fixture
def house(tmp_path):
    shutil.copytree(ROOT / "docs" / "_template", tmp_path / "docs/_template")
    return tmp_path


def test_every_planned_paper_can_be_laid_out(house):
    """Pages pass their checks, notebooks are valid, code compiles."""
    planned = [p for p in papers.load().values() if not p.written]
    for paper in planned:
        made = new_paper.lay_out(paper.id, house)
        names = {p.relative_to(house).as_posix() for p in made}
        topic, name = paper.module.split(".")[1:]
        assert f"src/pfs/{topic}/{name}.py" in names
        assert f"tests/{topic}/test_{name}.py" in names
        assert f"docs/notes/{paper.id}.md" in names
        note = house / f"docs/notes/{paper.id}.md"
        assert notebooks.is_note(note)
        assert note.read_text("utf-8").count(f"\n# {paper.title}\n") == 1
        book = house / f"docs/homework/{paper.id}.ipynb"
        nbformat.validate(nbformat.read(book, 4))
        source = house / f"src/pfs/{topic}/{name}.py"
        compile(source.read_bytes(), "x", "exec")
    assert lint.check(house) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("lstn", "did you mean lstm"), ("rnn", "is written"), ("", "No paper")],
)
def test_what_cannot_be_laid_out_changes_nothing(name, words, house):
    before = sorted(house.rglob("*"))
    with pytest.raises(SystemExit, match=words):
        new_paper.lay_out(name, house)
    assert sorted(house.rglob("*")) == before


def test_nothing_is_overwritten(house):
    new_paper.lay_out("lstm", house)
    (house / "docs/notes/lstm.md").write_text("mine", "utf-8")
    with pytest.raises(SystemExit, match="stand already"):
        new_paper.lay_out("lstm", house)
    assert (house / "docs/notes/lstm.md").read_text("utf-8") == "mine"
