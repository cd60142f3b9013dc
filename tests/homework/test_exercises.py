"""Every exercise is whole. What is judged at length is `pfs hw lint`."""

import re
import subprocess
import sys

import pytest

from pfs import papers
from pfs.errors import PfsValueError
from pfs.homework import exercises, lint, messages
from pfs.homework.exercises import HERE, HINTS
from pfs.papers import LANGUAGES

UNITS = exercises.units()
IDS = [id for unit in UNITS.values() for id in unit.exercises]
FILES = {"check.py", "mistakes.toml", "solution.py", "start.py", "task.toml"}
FILES |= {f"task.{language}.md" for language in LANGUAGES}


@pytest.fixture
def exercise(request):
    return exercises.read(HERE / request.param.replace(".", "/"), request.param)


ALL = pytest.mark.parametrize("exercise", IDS, indirect=True)


@ALL
def test_its_files_are_there(exercise):
    there = {path.name for path in exercise.folder.iterdir()}
    assert there - {"right", "__pycache__"} == FILES
    assert len(exercise.right) >= lint.RIGHT
    assert len(exercise.mistakes()) >= lint.WRONG
    for path in exercise.folder.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            text = path.read_bytes().decode()
            assert text.endswith("\n"), path
            assert "\r" not in text, path


@ALL
def test_its_words_are_in_three_languages(exercise):
    for words in (exercise.title, exercise.why, *exercise.invariants.values()):
        assert {*words} == {*LANGUAGES}
        assert all(text.strip() for text in words.values())
    for language in LANGUAGES:
        assert exercise.task(language).strip()
        hints = exercise.hints[language]
        assert len({*hints}) == HINTS
        assert all(hint.strip() for hint in hints)
    for mistake in exercise.mistakes():
        assert {*mistake.words} == {*LANGUAGES}
        assert re.search("[가-힣]", mistake.words["ko"]), mistake.name
        assert re.search("[\u4e00-\u9fff]", mistake.words["zh"]), mistake.name
    assert re.search("[가-힣]", exercise.task("ko"))
    assert re.search("[\u4e00-\u9fff]", exercise.task("zh"))


@ALL
def test_its_places_and_figures_are_sound(exercise):
    assert 1 <= exercise.difficulty <= 5
    assert 1 <= exercise.importance <= 5
    assert 1 <= exercise.minutes <= 120
    assert 0 < exercise.seconds <= 30
    assert exercise.name.isidentifier()
    assert not exercise.paper or exercise.paper in papers.load()
    assert {*exercise.needs} <= {*IDS[: IDS.index(exercise.id)]}
    for mistake in exercise.mistakes():
        assert mistake.code in messages.load()
        assert mistake.applied(exercise.solution) != exercise.solution
    assert {*exercise.battery().invariants} == {*exercise.invariants}


@ALL
def test_the_start_is_not_started_and_the_solution_passes(exercise):
    assert lint.check(exercise, exercise.start).code == "H00"
    found = lint.check(exercise, exercise.solution)
    assert found.passed, messages.lines(found, exercise, "en")


def test_ids_are_unique_and_units_are_whole():
    assert len({*IDS}) == len(IDS)
    assert all(re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+", id) for id in IDS)
    there = {path.parent.parent.name for path in HERE.glob("*/*/task.toml")}
    assert there == {*UNITS}
    assert lint.house() == []
    for unit in UNITS.values():
        assert unit.exercises
        assert {*unit.title} == {*unit.milestone} == {*LANGUAGES}


def test_what_a_learner_types_finds_an_exercise():
    assert exercises.pick("softmax") is exercises.pick("mlp.softmax")
    names = [one.id for one in exercises.chosen(["mlp", "softmax", "rnn.cell"])]
    assert names == [*UNITS["mlp"].exercises, "rnn.cell"]
    assert [one.id for one in exercises.chosen(["all"])] == IDS
    with pytest.raises(PfsValueError, match="A01"):
        exercises.chosen(["mlp", "no-such"])


BROKEN = {
    "not TOML": ("[", "TOML"),
    "no title": ('name = "f"\n', "title"),
    "an unknown key": ("stars = 3\n", "stars"),
    "a language missing": ("", "zh"),
    "a hint missing": ("", "3 hints"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_task_is_told_with_its_line(name, tmp_path):
    text = (HERE / "mlp" / "softmax" / "task.toml").read_text("utf-8")
    added, said = BROKEN[name]
    if name == "no title":
        text = added
    elif name == "a language missing":
        text = text.replace(', zh = "softmax"', "")
    elif name == "a hint missing":
        text = re.sub(r'en = \[\n  ".*",\n', "en = [\n", text)
    else:
        text = added + text
    (tmp_path / "task.toml").write_text(text, "utf-8")
    with pytest.raises(PfsValueError) as caught:
        exercises.read(tmp_path, "mlp.softmax")
    assert caught.value.code == "K01"
    assert said in str(caught.value)


def test_reading_them_all_needs_no_torch():
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from pfs.homework import exercises\n"
        "assert len(exercises.load()) > 40\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
