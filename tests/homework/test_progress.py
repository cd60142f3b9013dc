"""The record of progress survives damage, strangers, and many at once."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from pfs.errors import PfsFileError
from pfs.homework import progress
from pfs.homework.progress import Record, checked, hinted, load, may_see

ID = "mlp.softmax"
WRITTEN = """\
{
 "format": 1,
 "exercises": {
  "mlp.softmax": {
   "state": "passed",
   "checks": 3,
   "hints": 1,
   "gave_up": false,
   "first": "2026-09-01",
   "passed": "2026-09-02"
  },
  "rnn.cell": {
   "state": "begun",
   "checks": 0,
   "hints": 3,
   "gave_up": true,
   "first": "2026-09-03",
   "passed": ""
  }
 }
}
"""
"""A file of format 1. Do not change it: learners have such files."""


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("PFS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(progress, "today", lambda: "2026-09-02")
    return tmp_path / "home" / "progress.json"


def put(path, text):
    path.parent.mkdir(exist_ok=True)
    whole = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(whole)


def test_without_a_file_nothing_was_done(path):
    assert load() == {}
    assert not path.parent.exists()


def test_the_place_is_the_systems_own_unless_it_is_named(path, monkeypatch):
    assert progress.place() == path
    monkeypatch.setenv("PFS_HOME", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(path.parent))
    place = progress.place()
    assert place.name == "progress.json"
    assert place.parent.name == "pfs"


def test_a_file_of_format_1_is_read_and_written_as_it_was(path):
    put(path, WRITTEN)
    assert load() == {
        "mlp.softmax": Record(
            "passed", 3, 1, False, "2026-09-01", "2026-09-02"
        ),
        "rnn.cell": Record("begun", 0, 3, True, "2026-09-03", ""),
    }
    progress.change("rnn.cell", lambda record: record)
    assert path.read_text("utf-8") == WRITTEN


def test_once_passed_it_stays_passed(path, monkeypatch):
    assert checked(ID, False) == Record("begun", 1, first="2026-09-02")
    assert checked(ID, True).passed == "2026-09-02"
    monkeypatch.setattr(progress, "today", lambda: "2026-10-01")
    for passed in (False, True):
        checked(ID, passed)
    record = load()[ID]
    assert record == Record(
        "passed", 4, first="2026-09-02", passed="2026-09-02"
    )
    assert progress.passed(load(), ID)
    assert not progress.passed(load(), "rnn.cell")


def test_hints_are_counted_up_to_the_last(path):
    assert [hinted(ID) for _ in range(5)] == [1, 2, 3, 3, 3]
    assert load()[ID].state == "begun"


def test_the_solution_is_shown_after_passing_or_giving_up(path):
    assert not may_see(ID, give_up=False)
    assert load() == {}
    assert may_see(ID, give_up=True)
    assert load()[ID].gave_up
    assert may_see(ID, give_up=False)
    checked("rnn.cell", True)
    assert may_see("rnn.cell", give_up=True)
    assert not load()["rnn.cell"].gave_up


DAMAGED = {
    "empty": "",
    "cut": WRITTEN[:100],
    "a list": "[]",
    "a number": "1",
    "no format": '{"exercises": {}}',
    "no exercises": '{"format": 1}',
    "exercises in a list": '{"format": 1, "exercises": []}',
    "a format in words": '{"format": "one", "exercises": {}}',
    "a record that is none": '{"format": 1, "exercises": {"a.b": 3}}',
    "another state": WRITTEN.replace('"passed",', '"done",'),
    "counts in words": WRITTEN.replace("3", '"three"'),
    "hints in words": WRITTEN.replace('"hints": 1', '"hints": "one"'),
    "a date that is none": WRITTEN.replace('"2026-09-02"', "7"),
    "zeros": bytes(500),
    "not UTF-8": WRITTEN.encode().replace(b"begun", b"beg\xff\xfen"),
    "deep": "[" * 10**5,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_kept_aside(name, path):
    put(path, DAMAGED[name])
    before = path.read_bytes()
    assert load() == {}
    assert not path.exists()
    assert (path.parent / "progress.damaged.json").read_bytes() == before
    checked(ID, True)
    assert load()[ID].checks == 1
    assert (path.parent / "progress.damaged.json").read_bytes() == before


def test_a_second_damaged_file_does_not_replace_the_first(path):
    for text in ("first", "second", "third"):
        put(path, text)
        assert load() == {}
    kept = {p.read_text("utf-8") for p in path.parent.glob("*damaged*")}
    assert kept == {"first", "second", "third"}


def test_a_newer_format_is_left_alone(path):
    put(path, WRITTEN.replace('"format": 1', '"format": 2'))
    before = path.read_bytes()
    for act in (load, lambda: checked(ID, True), lambda: hinted(ID)):
        with pytest.raises(PfsFileError) as caught:
            act()
        assert caught.value.code == "H91"
        assert "newer" in caught.value.got
    assert path.read_bytes() == before


def test_what_this_version_does_not_know_is_left_out(path):
    more = WRITTEN.replace('"checks": 3', '"stars": 5, "checks": 3')
    put(path, more.replace('"format": 1,', '"format": 1, "note": "x",'))
    assert load()[ID].checks == 3
    fewer = '{"format": 1, "exercises": {"rnn.cell": {"state": "passed"}}}'
    put(path, fewer)
    assert load() == {"rnn.cell": Record("passed")}


def test_a_folder_that_cannot_be_written_is_told(path, monkeypatch):
    put(path.parent.parent / "home" / "file", "x")
    monkeypatch.setenv("PFS_HOME", str(path.parent / "file"))
    for act in (lambda: checked(ID, True), lambda: hinted(ID)):
        with pytest.raises(PfsFileError) as caught:
            act()
        assert caught.value.code == "H91"
        assert "PFS_HOME" in caught.value.todo


def test_a_disk_that_refuses_loses_nothing(path, monkeypatch):
    put(path, WRITTEN)

    def refuse(*arguments):
        raise OSError(28, "No space left on device")

    for name in ("replace", "fsync"):
        with monkeypatch.context() as patch:
            patch.setattr(progress.os, name, refuse)
            with pytest.raises(PfsFileError) as caught:
                checked(ID, True)
        assert caught.value.code == "H91"
        assert path.read_text("utf-8") == WRITTEN
        assert not list(path.parent.glob("*.part"))


MANY = """
from pfs.homework import progress
for round in range(10):
    progress.checked("mlp.softmax", True)
    progress.checked("rnn.cell" if {number} % 2 else "lstm.cell", False)
    progress.hinted(f"own.{number}")
    progress.load()
"""


def test_eight_processes_at_once_lose_nothing(path):
    def run(number):
        subprocess.run(
            [sys.executable, "-c", MANY.format(number=number)],
            check=True,
            timeout=60,
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, range(8)))
    done = load()
    assert done[ID].checks == 80
    assert done["rnn.cell"].checks == done["lstm.cell"].checks == 40
    assert all(done[f"own.{number}"].hints == 3 for number in range(8))
    assert json.loads(path.read_text("utf-8"))["format"] == 1
    left = {p.name for p in path.parent.iterdir()}
    assert left <= {"progress.json", "progress.json.lock"}
