"""Every error of the homework says where, what, and what to do.

Runs in a pass without the checker of types, as a user sees it.
"""

import sys

import pytest

import pfs.homework as hw
from pfs.errors import (
    PfsFileError,
    PfsRuntimeError,
    PfsTypeError,
    PfsValueError,
)
from pfs.explain import explain
from pfs.homework import exercises, gradescope, grading, progress, workspace
from pfs.homework.exercises import Mistake
from pfs.homework.handed_in import submissions
from pfs.homework.remote import Confined
from pfs.homework.reports import Reports


@pytest.fixture(autouse=True)
def blocked(tmp_path, monkeypatch):
    """A folder of progress and a file where a folder should be."""
    monkeypatch.setenv("PFS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x", "utf-8")
    (tmp_path / "home").mkdir()
    return tmp_path / "file" / "below"


def newer(blocked):
    text = '{"format": 99, "exercises": {}}'
    progress.place().write_text(text, "utf-8")
    progress.load()


def unwritable(blocked):
    progress.checked("mlp.softmax", True, blocked / "progress.json")


def unconfined(blocked):
    with Confined(0, allowed=()) as confined:
        confined.start()


def twice(blocked):
    words = dict.fromkeys(("en", "ko", "zh"), "x")
    Mistake("both", (("a", "b"),), "H20", words).applied("a + a")


CASES = {
    "no workspace": ("H90", PfsFileError, lambda b: workspace.find()),
    "no room for one": (
        "H90",
        PfsFileError,
        lambda b: workspace.start(b, "en"),
    ),
    "newer progress": ("H91", PfsFileError, newer),
    "no place for progress": ("H91", PfsFileError, unwritable),
    "no submissions": ("H92", PfsFileError, lambda b: submissions(b)),
    "no students": (
        "H92",
        PfsFileError,
        lambda b: submissions(b.parent.parent / "home"),
    ),
    "no place for results": ("H92", PfsFileError, lambda b: Reports(b)),
    "no place for a zip": (
        "H92",
        PfsFileError,
        lambda b: gradescope.export(b / "a.zip", ["mlp.softmax"], "", "en"),
    ),
    "nothing confines": ("H92", PfsRuntimeError, unconfined),
    "no jobs": (
        "A01",
        PfsValueError,
        lambda b: grading.grade(b, ["mlp.softmax"], jobs=0),
    ),
    "no exercise": ("A01", PfsValueError, lambda b: hw.show("no.such")),
    "two of that name": ("A01", PfsValueError, lambda b: hw.show("cell")),
    "no language": ("A01", PfsValueError, lambda b: hw.language("fr")),
    "no function": (
        "A02",
        PfsTypeError,
        lambda b: hw.check("mlp.softmax", 3),
    ),
    "a change that fits twice": ("K01", PfsValueError, twice),
    "a table that is broken": (
        "K01",
        PfsValueError,
        lambda b: exercises.units(b.parent.parent / "broken"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_error_says_where_and_what_to_do(name, blocked, tmp_path):
    code, kind, act = CASES[name]
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "units.toml").write_text("[a]\ntitle = 3\n", "utf-8")
    with pytest.raises(kind) as caught:
        act(blocked)
    error = caught.value
    assert error.code == code
    for part in (error.where, error.expected, error.got, error.todo):
        assert part.strip()
    assert str(error).startswith(f"{code}: ")


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("filelock", lambda: progress.checked("mlp.softmax", True)),
        ("platformdirs", lambda: progress.place()),
    ],
)
def test_a_missing_package_is_named(name, act, monkeypatch):
    if name == "platformdirs":
        monkeypatch.delenv("PFS_HOME")
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(PfsFileError) as caught:
        act()
    assert caught.value.code == "E05"
    assert caught.value.expected == f"the package {name}"
    assert caught.value.where == "pfs hw"
    assert "papers-from-scratch[cli]" in caught.value.todo


@pytest.mark.parametrize("code", ["H90", "H91", "H92", "A01", "A02", "E05"])
@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_every_code_is_explained(code, language):
    assert code in explain(code, language)
