"""`pfs hw`, command by command, as a learner uses it."""

import json
import os
import re
import subprocess
import sys

import pytest
from homework.small import SOFTMAX

from pfs.cli import main
from pfs.commands import words
from pfs.commands.terminal import err, out
from pfs.homework import exercises, progress
from pfs.papers import LANGUAGES

COMMANDS = [
    [],
    *(["start"], ["list"], ["next"], ["check"], ["show"], ["hint"]),
    *(["solution"], ["reset"], ["report"], ["doctor"], ["lint"]),
    *(["grade"], ["export"]),
]
RIGHT = SOFTMAX.solution
WRONG = RIGHT.replace("torch.exp(", "torch.exp2(")
MINE = "pfs-homework/mlp/softmax.py"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("PFS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PFS_LANG", "en")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    words.use("en")


@pytest.fixture
def hw(capsys):
    def run(*arguments):
        for console in (out, err):  # they hold the streams of before
            console.file = None
        code = main(["hw", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def begun(hw, here):
    assert hw("start")[0] == 0
    return here / MINE


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_in_the_readers_language(command, language, hw):
    code, said, _ = hw(*command, "--help", "--lang", language)
    assert code == 0
    title = words.load()["usage"][language]
    assert said.startswith(f"{title}: {' '.join(['pfs', 'hw', *command])} ")
    if language != "en":
        sentences = re.sub(r"`[^`]*`|Papers From Scratch", "", said)
        assert not re.findall(r"[A-Za-z]+(?: [A-Za-z]+){3,}", sentences)
    assert "--help" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_start_lays_out_everything_and_says_what_is_next(language, hw, here):
    code, said, _ = hw("start", "--lang", language)
    assert code == 0
    count = len(exercises.load())
    assert str(count) in said
    files = list((here / "pfs-homework").glob("*/*.py"))
    assert len(files) == count
    first = next(iter(exercises.load().values()))
    assert first.title[language] in said
    assert f"{first.id.replace('.', os.sep)}.py" in said
    text = (here / "pfs-homework" / "homework.toml").read_text("utf-8")
    assert text == f'language = "{language}"\n'


def test_the_folder_decides_the_language(hw, monkeypatch):
    assert hw("start", "--lang", "ko")[0] == 0
    monkeypatch.setenv("PFS_LANG", "")
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    for command in (["list"], ["show", "softmax"], ["next"], ["report"]):
        assert re.search("[가-힣]", hw(*command)[1]), command
    assert SOFTMAX.title["zh"] in hw("list", "--lang", "zh")[1]


def test_the_list_tells_what_is_done(hw):
    progress.checked("mlp.softmax", True)
    progress.checked("rnn.cell", False)
    code, said, _ = hw("list")
    rows = {line.split("\t")[0]: line for line in said.splitlines()}
    assert code == 0
    assert [*rows] == [*exercises.load()]
    assert rows["mlp.softmax"].endswith(f"passed {progress.today()}")
    assert rows["rnn.cell"].endswith("begun")
    assert rows["lstm.cell"].endswith("min\t")


def test_the_exit_code_of_a_check_tells_right_from_wrong(hw, begun):
    assert hw("check", "softmax")[:1] == (1,)
    assert progress.load() == {}
    begun.write_text(RIGHT, "utf-8")
    code, said, _ = hw("check", "softmax")
    assert (code, said) == (0, "PASS  mlp.softmax  Softmax\n")
    begun.write_text(WRONG, "utf-8")
    code, said, _ = hw("check", "mlp.softmax")
    assert code == 1
    assert said.startswith("FAIL  mlp.softmax  Softmax\n  Right so far: ")
    assert "equal powers of 2" in said
    assert said.split("yours")[1].count("*") == 6
    assert "\x1b" not in said
    assert progress.load()["mlp.softmax"].checks == 2
    assert hw("check", "softmax", "pick")[0] == 1


def test_a_check_without_a_name_takes_what_was_saved_last(hw, begun):
    first = next(iter(exercises.load()))
    assert hw("check")[1].startswith(f"TODO  {first} ")
    begun.write_text(WRONG, "utf-8")
    assert hw("check")[1].startswith("FAIL  mlp.softmax ")
    begun.write_text(RIGHT, "utf-8")
    assert hw("check")[0] == 0
    assert hw("check")[1].startswith(f"TODO  {first} ")


def test_what_the_code_prints_and_the_traceback_are_shown(hw, begun):
    source = "def softmax(x, dim):\n    print('나', dim)\n    return x.undone\n"
    begun.write_text(source, "utf-8")
    _, said, _ = hw("check", "softmax")
    assert "  | 나 -1\n" in said
    assert "Traceback" not in said
    assert "Line 3 of your file: return x.undone" in said
    assert "Traceback" in hw("check", "softmax", "-v")[1]


def test_hints_and_the_solution(hw, begun):
    counts = [hw("hint", "softmax")[1].count("Hint ") for _ in range(4)]
    assert counts == [1, 2, 3, 3]
    assert "--give-up" in hw("hint", "softmax")[1]
    code, said, _ = hw("solution", "softmax")
    assert (code, RIGHT.strip() in said) == (1, False)
    code, said, _ = hw("solution", "softmax", "--give-up")
    assert (code, RIGHT.strip() in said) == (0, True)
    assert SOFTMAX.why["en"].split(". ")[0] in " ".join(said.split())
    assert hw("solution", "softmax")[0] == 0
    begun.write_text(RIGHT, "utf-8")
    hw("check", "softmax")
    assert "with the solution" in hw("list")[1]


def test_reset_keeps_the_answer(hw, begun):
    fresh = begun.read_text("utf-8")
    begun.write_text("mine", "utf-8")
    code, said, _ = hw("reset", "softmax")
    assert code == 0
    assert "softmax.old.py" in said
    assert begun.read_text("utf-8") == fresh
    assert begun.with_name("softmax.old.py").read_text("utf-8") == "mine"
    begun.unlink()
    assert "begins anew" in hw("reset", "softmax")[1]


def test_the_report_is_a_table_or_json(hw):
    assert json.loads(hw("report", "--json")[1]) == {}
    progress.checked("mlp.softmax", True)
    table = json.loads(hw("report", "--json")[1])
    assert table["mlp.softmax"]["state"] == "passed"
    rows = [line.split("\t") for line in hw("report")[1].splitlines()]
    assert [row[0] for row in rows] == [*exercises.units()]
    done = {row[0]: row[2] for row in rows}
    count = len(exercises.units()["mlp"].exercises)
    assert done["mlp"] == f"1 of {count}"


def test_a_unit_that_is_done_shows_its_milestone(hw):
    unit = exercises.units()["lstm"]
    for id in unit.exercises:
        progress.checked(id, True)
    assert unit.milestone["en"] in hw("report")[1]


def test_the_doctor_tries_the_checker(hw, here):
    code, said, _ = hw("doctor")
    assert code == 0, said
    assert str(here / "home" / "progress.json") in said
    assert said.count("PASS") == (4 if hasattr(os, "fork") else 2)


def test_lint_of_one_exercise(hw):
    code, said, _ = hw("lint", "mlp.softmax")
    assert (code, re.findall(r"\d+", said)) == (0, ["1", "0"]), said


WRONG_USE = {
    "solution no-such": "A01",
    "lint no-such": "A01",
    "show sofmax": "A01",
    "hint cell": "A01",
    "check": "H90",
    "next": "H90",
    "reset softmax": "H90",
    "grade nowhere": "H92",
    "grade . --jobs 0": "A01",
    "start file/below": "H90",
}


@pytest.mark.parametrize("line", WRONG_USE)
def test_a_mistake_is_told_without_a_traceback(line, hw, here):
    (here / "file").write_text("x", "utf-8")
    code, said, fault = hw(*line.split())
    assert (code, fault[:3]) == (2, WRONG_USE[line])
    assert said == ""
    assert "Traceback" not in fault


def test_near_names_are_offered(hw):
    assert "mlp.softmax" in hw("show", "mlp.sofmax")[2]
    assert "check" in hw("chek")[2]


LIGHT = [
    *(["start"], ["list"], ["next"], ["show", "softmax"], ["report"]),
    *(["hint", "softmax"], ["solution", "softmax", "--give-up"]),
    *(["reset", "softmax"], ["start", "b"]),
]


def test_what_needs_no_torch_does_not_wait_for_it(here):
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from pfs.cli import main\n"
        f"for line in {LIGHT!r}:\n"
        "    assert main(['hw', *line]) == 0, line\n"
    )
    subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True
    )
