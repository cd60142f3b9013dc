"""Homework notebooks: made from the exercises, valid, and they run."""

import json

import nbformat
import pytest

from pfs.homework import direct, exercises
from pfs.homework.limits import stopwatch
from pfs.homework.messages import say
from website import LANGUAGES, homework

UNITS = list(exercises.units().values())
BY_ID = {"ids": lambda unit: unit.id}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PFS_HOME", str(tmp_path / "home"))


def cells(unit, lang, kind):
    book = nbformat.reads(homework.notebook(unit, lang), 4)
    nbformat.validate(book)
    return [c for c in book.cells if c.cell_type == kind]


@pytest.mark.parametrize("unit", UNITS, **BY_ID)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_unit_begins_untouched_in_its_language(unit, lang, capsys):
    space = {}
    for cell in cells(unit, lang, "code"):
        exec(cell.source, space)
    said = capsys.readouterr().out
    todo = say("word.not-started", lang)
    for id in unit.exercises:
        assert f"{todo}  {id}  {exercises.load()[id].title[lang]}\n" in said
    assert say("H00", lang) in said


@pytest.mark.parametrize("unit", UNITS, **BY_ID)
def test_a_unit_is_passed_with_its_solutions(unit, capsys, monkeypatch):
    # The machine may be busy, and shapes are checked here.
    patient = lambda seconds: stopwatch(20 * seconds)
    monkeypatch.setattr(direct, "stopwatch", patient)
    space = {}
    for cell in cells(unit, "en", "code"):
        source = cell.source
        if cell.id.endswith("-answer"):
            id = f"{unit.id}.{cell.id.removesuffix('-answer')}"
            source = exercises.load()[id].solution
        exec(source, space)
    said = capsys.readouterr().out
    for id in unit.exercises:
        assert f"PASS  {id}  " in said
    assert f"{unit.title['en']}: {len(unit.exercises)} of" in said


@pytest.mark.parametrize("unit", UNITS, **BY_ID)
def test_every_task_stands_there_with_its_hints(unit):
    for lang in LANGUAGES:
        texts = {c.id: c.source for c in cells(unit, lang, "markdown")}
        for id in unit.exercises:
            one = exercises.load()[id]
            text = texts[f"{id.split('.')[1]}-task"]
            assert one.task(lang).strip() in text
            assert text.count("<details>") == exercises.HINTS
            assert all(hint in text for hint in one.hints[lang])


def test_a_notebook_out_of_step_is_seen(tmp_path):
    for path, text in homework.notebooks(tmp_path).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert homework.out_of_step(tmp_path) == []
    path = tmp_path / "ko" / "homework" / f"{UNITS[0].id}.ipynb"
    book = json.loads(path.read_text("utf-8"))
    book["cells"][0]["source"] = ["# ?"]
    path.write_text(json.dumps(book), "utf-8")
    (tmp_path / "zh/homework/old.ipynb").write_text("{}", "utf-8")
    found = [(p.path.name, p.message) for p in homework.out_of_step(tmp_path)]
    assert found == [
        (path.name, "not as its exercises: run `nox -s notebooks`"),
        ("old.ipynb", "no unit of this name"),
    ]


def test_the_command_writes_what_is_missing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(homework.notebooks, "__defaults__", (tmp_path,))
    monkeypatch.setattr(homework, "DOCS", tmp_path)
    homework.main()
    assert homework.out_of_step(tmp_path) == []
    made = capsys.readouterr().out
    assert made.count("wrote ") == len(LANGUAGES) * len(UNITS)
    homework.main()
    assert capsys.readouterr().out == ""


def test_the_curriculum_page_lists_every_exercise():
    for lang in LANGUAGES:
        text = homework.path_section(lang)
        for id in exercises.load():
            unit, name = id.split(".")
            link = f'(homework/{unit}.ipynb#{name}){{ data-exercise="{id}" }}'
            assert link in text
