"""Laying out the rooms of a planned paper."""

import re
import shutil

import pytest
from house import files

from pfs import papers
from website import ROOT, lint, new_paper, notebooks, translations
from website.lint import pages


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
        source = house / f"src/pfs/{topic}/{name}.py"
        compile(source.read_bytes(), "x", "exec")
    assert lint.check(house) == []


def test_the_map_says_what_is_left_to_do(house):
    """Once the status is set, every empty room is named."""
    new_paper.lay_out("skip_gram", house)
    assert files.missing_rooms(house, papers.load()["skip_gram"]) == [
        "missing: docs/ko/notes/skip_gram.md",
        "missing: docs/zh/notes/skip_gram.md",
        "empty: src/pfs/words/skip_gram.py",
        "empty: tests/words/test_skip_gram.py",
        "empty: website/figures/skip_gram.py",
        "missing: exercises in src/pfs/homework/exercises/skip_gram",
        "missing: a recipe in src/pfs/recipes that imports "
        "pfs.words.skip_gram, or a line 'No recipe: why' in the module's "
        "docstring",
        "missing: mistakes in bank.py for words/skip_gram.py",
    ]
    note = house / "docs/notes/skip_gram.md"
    left = pages.note(note.rename(note.with_name("rnn.md")), house)
    messages = {problem.message for problem in left}
    assert "this line is the template's: write your own" in messages
    assert "1 questions (ids q-...), at least 8 wanted" in messages


def test_translations_start_from_the_draft(house):
    """A draft in another language is not judged before its paper is."""
    new_paper.lay_out("skip_gram", house)
    docs = house / "docs"
    there = [docs / "ko/notes/skip_gram.md", docs / "zh/notes/skip_gram.md"]
    translations.start([str(path) for path in there], docs)
    assert lint.check(house) == []


@pytest.mark.parametrize("name", ["skip_gram", "clip"])
def test_what_to_do_is_said_in_order(name, house, monkeypatch, capsys):
    monkeypatch.setattr(new_paper, "ROOT", house)
    monkeypatch.setattr(new_paper.lay_out, "__defaults__", (house,))
    assert new_paper.main([name]) == 0
    said = capsys.readouterr().out
    assert said.count("made ") >= 5
    steps = re.findall(r"^ *(\d+)\. ", said, re.M)
    assert steps == [str(n) for n in range(1, 11)]
    assert ("add 'multimodal' to _TOPICS" in said) == (name == "clip")


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
    new_paper.lay_out("skip_gram", house)
    (house / "docs/notes/skip_gram.md").write_text("mine", "utf-8")
    with pytest.raises(SystemExit, match="stand already"):
        new_paper.lay_out("skip_gram", house)
    assert (house / "docs/notes/skip_gram.md").read_text("utf-8") == "mine"
