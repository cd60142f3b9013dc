"""Which file of a student answers which exercise, and which never does."""

import json
import os

import pytest
from homework.small import SOFTMAX, of

from pfs.errors import PfsFileError
from pfs.homework.handed_in import (
    LARGEST,
    Submission,
    cells,
    submissions,
    unusual,
)

IDS = ["mlp.softmax", "rnn.cell", "lstm.cell"]
RNN, LSTM = of("rnn.cell"), of("lstm.cell")


@pytest.fixture
def hand_in(tmp_path):
    folder = tmp_path / "handed in" / "kim"

    def write(name, text):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = text if isinstance(text, bytes) else text.encode()
        path.write_bytes(whole)
        return Submission("kim", folder)

    return write


def notebook(*sources):
    made = [{"cell_type": "code", "source": source} for source in sources]
    made.insert(1, {"cell_type": "markdown", "source": "def g(): ..."})
    return json.dumps({"cells": made})


def test_the_folder_of_the_unit_decides(hand_in):
    hand_in("rnn/cell.py", "rnn")
    hand_in("deep/below/lstm/cell.py", "lstm")
    submission = hand_in("cell.py", "which?")
    assert submission.source(RNN, IDS) == "rnn"
    assert submission.source(LSTM, IDS) == "lstm"


def test_a_flat_file_counts_if_its_name_is_unique(hand_in):
    hand_in("softmax.py", "mine")
    submission = hand_in("cell.py", "which?")
    assert submission.source(SOFTMAX, IDS) == "mine"
    assert submission.source(RNN, IDS) is None
    assert submission.source(RNN, ["rnn.cell"]) == "which?"


def test_the_file_nearest_to_the_top_counts(hand_in):
    hand_in("a/b/mlp/softmax.py", "deep")
    hand_in("z/mlp/softmax.py", "near")
    submission = hand_in("softmax.py", "flat")
    assert submission.source(SOFTMAX, IDS) == "near"


def test_the_cells_of_a_notebook_count_last(hand_in):
    book = notebook(
        ["import pfs.homework as hw\n", "%pip install pfs\n", "x = 1\n"],
        "def softmax(x, dim):\n    return x\nhw.check('softmax', softmax)",
        "!ls\n",
    )
    submission = hand_in("mlp.ipynb", book)
    assert submission.source(SOFTMAX, IDS) == (
        "x = 1\n\n\ndef softmax(x, dim):\n    return x\n"
    )
    hand_in("softmax.py", "flat")
    assert submission.source(SOFTMAX, IDS) == "flat"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"cells": 1}',
        '{"cells": [1]}',
        '{"cells": [{}]}',
        '{"cells": [{"cell_type": "code", "source": [1]}]}',
        "[" * 10**5,
    ],
    ids=lambda text: text[:20],
)
def test_a_broken_notebook_gives_what_python_cannot_read(text):
    with pytest.raises(SyntaxError):
        compile(cells(text), "cells", "exec")


def test_links_are_not_followed(hand_in, tmp_path):
    secret = tmp_path / "softmax.py"
    secret.write_text("secret", "utf-8")
    (tmp_path / "mlp").mkdir()
    (tmp_path / "mlp" / "softmax.py").write_text("secret", "utf-8")
    submission = hand_in("notes.txt", "x")
    for name in ("softmax.py", "mlp", "other"):
        target = tmp_path if name == "other" else tmp_path / name
        (submission.folder / name).symlink_to(target)
    assert submission.source(SOFTMAX, IDS) is None


def test_what_is_no_file_is_passed_over(hand_in):
    submission = hand_in("mlp/softmax.py/inside.txt", "x")
    os.mkfifo(submission.folder / "softmax.py")
    assert submission.source(SOFTMAX, IDS) is None


def test_a_large_file_is_not_read(hand_in):
    submission = hand_in("softmax.py", "#" * LARGEST)
    assert len(submission.source(SOFTMAX, IDS)) == LARGEST
    submission = hand_in("softmax.py", "#" * (LARGEST + 1))
    said = submission.source(SOFTMAX, IDS)
    assert len(said) < 99
    assert "larger" in said


@pytest.mark.parametrize(
    ("whole", "text"),
    [
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        (b"x = 1\r\n", "x = 1\n"),
        ("# 나".encode(), "# 나"),
        (b"# caf\xe9", "# caf\ufffd"),
        (b"", ""),
    ],
)
def test_bytes_that_editors_write_are_read(whole, text, hand_in):
    assert hand_in("softmax.py", whole).source(SOFTMAX, IDS) == text


def test_every_folder_is_a_student(tmp_path):
    for name in ("b", "a", ".hidden", "나"):
        (tmp_path / name).mkdir()
    (tmp_path / "file").write_text("x", "utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert [one.student for one in submissions(tmp_path)] == ["a", "b", "나"]
    (one,) = submissions(tmp_path, single=True)
    assert (one.student, one.folder) == ("submission", tmp_path)


@pytest.mark.parametrize("single", [False, True])
def test_no_students_are_told(tmp_path, single):
    with pytest.raises(PfsFileError) as caught:
        submissions(tmp_path / "nowhere", single)
    assert caught.value.code == "H92"
    assert caught.value.got == "no folder"


def test_what_a_teacher_may_want_to_look_at():
    usual = "import torch\nfrom math import exp\nimport torch.nn as nn\n"
    assert unusual(usual) == []
    assert unusual("import os.path, socket\neval('1')\nx.eval()\n") == [
        "eval",
        "os.path",
        "socket",
    ]
    assert unusual("from pfs.homework.exercises import load") == [
        "pfs.homework.exercises"
    ]
    assert unusual("from . import x") == ["."]
    for broken in ("def (", "x\0", "(" * 999, "-" * 10**4 + "1"):
        assert unusual(broken) == []
