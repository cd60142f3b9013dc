"""The homework in a notebook: objects are checked, progress is shared."""

import time

import nbformat
import pytest
import torch
from homework.small import SOFTMAX
from nbclient import NotebookClient

import pfs.homework as hw
from pfs.errors import PfsTypeError, PfsValueError
from pfs.homework import exercises, notebook, progress

IDS = ["mlp.softmax", "rnn.cell"]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PFS_HOME", str(tmp_path))
    monkeypatch.setenv("PFS_LANG", "en")
    monkeypatch.setitem(notebook._reader, "language", "")
    return tmp_path


def made(source, name):
    space = {}
    exec(compile(source, "<cell>", "exec"), space)
    return space[name]


def softmax(x, dim):
    return (x - x.logsumexp(dim, keepdim=True)).exp()


@pytest.mark.parametrize("id", IDS)
def test_what_was_found_is_not_started(id, capsys):
    one = exercises.pick(id)
    found = hw.check(id, made(one.start, one.name))
    assert (bool(found), found.code) == (False, "H00")
    assert capsys.readouterr().out.startswith(f"TODO  {id}")
    assert progress.load() == {}


@pytest.mark.parametrize("id", IDS)
def test_solutions_pass(id, capsys):
    one = exercises.pick(id)
    found = hw.check(id, made(one.solution, one.name))
    assert found
    assert capsys.readouterr().out == f"{found.words}\n"
    assert found.words == f"PASS  {id}  {one.title['en']}"
    assert progress.passed(progress.load(), id)


def test_a_known_mistake_is_named_and_its_line_is_shown(capsys):
    wrong = SOFTMAX.solution.replace("torch.exp(", "torch.exp2(")
    found = hw.check("softmax", made(wrong, "softmax"))
    assert (found.code, found.right) == ("H20", ("runs", "shapes"))
    assert "equal powers of 2" in found.words
    assert progress.load()["mlp.softmax"].checks == 1

    def broken(x, dim):
        return x.no_such_thing

    assert "return x.no_such_thing" in hw.check("softmax", broken).words
    assert "Traceback" not in capsys.readouterr().out


def test_a_lambda_and_a_partial_can_be_checked():
    assert hw.check("softmax", lambda x, dim: softmax(x, dim))
    assert hw.check("softmax", torch.softmax).code == "H60"
    assert hw.check("softmax", lambda x: x).code == "H04"
    assert hw.check("softmax", lambda x, dim: ...).code == "H00"


def test_an_endless_loop_is_ended(monkeypatch):
    short = {**exercises.load()}
    short["mlp.softmax"] = exercises.Exercise(
        **{**vars(SOFTMAX), "seconds": 0.5}
    )
    monkeypatch.setattr(exercises, "load", lambda: short)

    def endless(x, dim):
        while True:
            pass

    began = time.monotonic()
    assert hw.check("mlp.softmax", endless).code == "H05"
    assert time.monotonic() - began < 20


def test_a_check_leaves_the_random_numbers_alone():
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    hw.check("softmax", softmax)
    hw.check("softmax", lambda x, dim: x)
    assert torch.equal(torch.rand(3), wanted)


def test_hints_come_one_after_the_other(capsys):
    counts = []
    for _ in range(4):
        hw.hint("softmax")
        counts.append(capsys.readouterr().out.count("Hint "))
    assert counts == [1, 2, 3, 3]
    assert progress.load()["mlp.softmax"].hints == 3


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_a_task_is_shown(language, capsys):
    assert hw.language(language) == hw.language() == language
    hw.show("softmax")
    said = capsys.readouterr().out
    assert SOFTMAX.title[language] in said.splitlines()[0]
    assert SOFTMAX.task(language).strip() in said
    assert SOFTMAX.source in said.splitlines()[-1]


def test_the_solution_waits_for_a_pass_or_a_surrender(capsys):
    hw.solution("softmax")
    assert "give_up=True" in capsys.readouterr().out
    hw.solution("softmax", give_up=True)
    said = capsys.readouterr().out
    assert SOFTMAX.solution.strip() in said
    assert SOFTMAX.why["en"] in said
    assert progress.load()["mlp.softmax"].gave_up
    hw.solution("softmax")
    assert SOFTMAX.solution.strip() in capsys.readouterr().out


def test_progress_is_that_of_the_files(capsys, home):
    progress.checked("mlp.softmax", True)
    hw.status()
    said = capsys.readouterr().out
    assert "  [x] mlp.softmax" in said
    assert "  [ ] rnn.cell" in said
    assert (home / "progress.json").is_file()
    assert hw.check("softmax", lambda x, dim: x).code == "H20"
    assert progress.passed(progress.load(), "mlp.softmax")


@pytest.mark.parametrize("answer", [None, 3, torch.ones(2), "softmax"], ids=str)
def test_what_cannot_be_called_is_told(answer):
    with pytest.raises(PfsTypeError) as caught:
        hw.check("softmax", answer)
    assert caught.value.code == "A02"
    assert caught.value.todo == "pfs.homework.check('mlp.softmax', softmax)"


CALLS = (
    lambda id: hw.check(id, softmax),
    lambda id: hw.hint(id),
    lambda id: hw.show(id),
    lambda id: hw.solution(id),
)


@pytest.mark.parametrize("call", CALLS)
def test_an_unknown_exercise_is_told_with_the_nearest(call):
    with pytest.raises(PfsValueError) as caught:
        call("mlp.sofmax")
    assert caught.value.code == "A01"
    assert "mlp.softmax" in caught.value.todo
    with pytest.raises(PfsValueError, match="A01"):
        call("cell")
    assert progress.load() == {}


def test_an_unknown_language_is_told():
    with pytest.raises(PfsValueError) as caught:
        hw.language("fr")
    assert caught.value.code == "A01"
    assert hw.language() == "en"


def test_a_real_notebook(home):
    """Not started, solved, and the progress of both, in a kernel."""
    cells = [
        "import pfs.homework as hw\nhw.language('ko')",
        f"{SOFTMAX.start}\nhw.check('mlp.softmax', softmax)",
        f"{SOFTMAX.solution}\nhw.check('mlp.softmax', softmax)",
        "hw.status()",
    ]
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    client = NotebookClient(
        book, timeout=120, resources={"metadata": {"path": str(home)}}
    )
    client.execute()
    _, start, solved, status = (cell.outputs for cell in book.cells)
    assert [one.output_type for one in start] == ["stream"]
    assert start[0].text.startswith("미시작  mlp.softmax  소프트맥스")
    assert [one.text for one in solved] == ["통과  mlp.softmax  소프트맥스\n"]
    assert "[x] mlp.softmax" in status[0].text
    assert progress.passed(progress.load(), "mlp.softmax")
