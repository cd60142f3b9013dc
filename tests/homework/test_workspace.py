"""The learner's folder: what is written there is never lost."""

import ast
import unicodedata

import pytest
from homework.small import SOFTMAX, of

from pfs.errors import PfsFileError
from pfs.homework import workspace
from pfs.homework.answers import skeleton
from pfs.homework.workspace import Workspace, find, headed, lay_out, reset
from pfs.papers import LANGUAGES

ALL = [SOFTMAX, of("rnn.cell"), of("lstm.cell"), of("tensors.logsumexp")]


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Only exercises that nobody is writing."""
    known = {one.id: one for one in ALL}
    monkeypatch.setattr(workspace, "load", lambda: known)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_folder_is_laid_out(language, tmp_path):
    made = workspace.start(tmp_path / "나의 숙제", language)
    there = {p.relative_to(made.folder).as_posix() for p in files(made)}
    wanted = {f"{one.id.replace('.', '/')}.py" for one in ALL}
    assert there == {"homework.toml", *wanted}
    for one in ALL:
        text = made.file(one.id).read_text("utf-8")
        assert text.endswith(one.start)
        assert one.title[language] in text.splitlines()[0]
        assert skeleton(text) == skeleton(one.start)
    assert find(made.folder) == made


def files(made):
    return [path for path in made.folder.rglob("*") if path.is_file()]


def test_files_are_never_written_over(tmp_path):
    made = workspace.start(tmp_path / "a", "en")
    mine = made.file("mlp.softmax")
    mine.write_text("mine", "utf-8")
    made.file("rnn.cell").unlink()
    workspace.start(tmp_path / "a", "ko")
    assert mine.read_text("utf-8") == "mine"
    assert "셀" in made.file("rnn.cell").read_text("utf-8")
    assert not lay_out(made, SOFTMAX)
    assert mine.read_text("utf-8") == "mine"


def test_the_language_can_be_changed(tmp_path):
    made = workspace.start(tmp_path, "en")
    assert find(tmp_path).language == "en"
    workspace.start(tmp_path, "zh")
    assert find(tmp_path) == Workspace(tmp_path, "zh")
    assert "Turn logits" in made.file("mlp.softmax").read_text("utf-8")


def test_reset_keeps_every_old_answer(tmp_path):
    made = workspace.start(tmp_path, "en")
    mine = made.file("mlp.softmax")
    fresh = mine.read_text("utf-8")
    for number, name in enumerate(
        ("softmax.old.py", "softmax.old2.py", "softmax.old3.py")
    ):
        mine.write_text(f"answer {number}", "utf-8")
        kept = reset(made, SOFTMAX)
        assert kept == mine.with_name(name)
        assert kept.read_text("utf-8") == f"answer {number}"
        assert mine.read_text("utf-8") == fresh
    answers = {p.read_text("utf-8") for p in mine.parent.glob("*.old*")}
    assert answers == {"answer 0", "answer 1", "answer 2"}
    mine.unlink()
    assert reset(made, SOFTMAX) is None
    assert mine.read_text("utf-8") == fresh


def test_the_folder_is_found_from_here_below_and_above(tmp_path, monkeypatch):
    made = workspace.start(tmp_path / "pfs-homework", "ko")
    deep = made.folder / "mlp" / "deep"
    deep.mkdir()
    for place in (made.folder, made.folder / "mlp", deep, tmp_path):
        assert find(place) == made
    monkeypatch.chdir(deep)
    assert find() == made


def test_no_folder_is_told(tmp_path):
    with pytest.raises(PfsFileError) as caught:
        find(tmp_path)
    assert caught.value.code == "H90"
    assert caught.value.todo == "pfs hw start"


@pytest.mark.parametrize(
    "whole",
    [b"", b"language = ", b'language = "fr"', b"language = 3", b"\xff\xfe"],
)
def test_a_damaged_setting_is_no_obstacle(whole, tmp_path):
    workspace.start(tmp_path, "ko")
    (tmp_path / "homework.toml").write_bytes(whole)
    assert find(tmp_path) == Workspace(tmp_path, "")


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(PfsFileError) as caught:
            workspace.start(place, "en")
        assert caught.value.code == "H90"
        assert "pfs hw start" in caught.value.todo


def columns(text):
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def test_wide_letters_are_counted_twice():
    assert [columns(t) for t in ("ab", "가나", "中，", "ab가")] == [2, 4, 4, 4]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("exercise", ALL, ids=lambda one: one.id)
def test_the_task_fits_into_80_columns(exercise, language):
    text = headed(exercise, language)
    ast.parse(text)
    head = text.removesuffix(exercise.start).rstrip("\n").split("\n")
    assert all(line == "#" or line.startswith("# ") for line in head)
    assert all(line == line.rstrip() for line in head)
    for line in head:
        assert columns(line) <= 80 or line.startswith("# $$")
    wanted = "".join(exercise.task(language).split())
    assert wanted in "".join("".join(line[2:].split()) for line in head)


@pytest.mark.parametrize(
    "text",
    [
        "가나다라 " * 60,
        "一二三四" * 60 + "。" + "五六" * 40,
        "word " * 90,
        "`a long piece of code`, " * 9,
        "x" * 60 + " " + "y" * 60,
    ],
)
def test_any_text_is_wrapped_without_a_loss(text):
    lines = workspace._wrapped(text)
    assert len(lines) > 1
    assert all(columns(line) <= 78 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(line[0] not in "，。、；：！？）" for line in lines)
    assert all(line.count("`") % 2 == 0 for line in lines)
