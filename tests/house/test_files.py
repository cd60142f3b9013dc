"""Missing rooms, files without encoding, errors without code are seen."""

import pytest

from house import files
from pfs import papers

FULL = "def f():\n    pass\n"
FIVE = "where=1, expected=2, got=3, todo=4"


@pytest.mark.parametrize(
    "code",
    [
        "open('x')",
        "open('x', 'w')",
        "Path('x').open()",
        "Path('x').read_text()",
        "Path('x').write_text('y')",
    ],
)
def test_a_file_without_encoding_is_seen(code):
    assert files.without_encoding(code) != []


def test_binary_files_need_no_encoding():
    code = "open('x', 'rb'); Path('x').read_text('utf-8')"
    assert files.without_encoding(code) == []


def test_codes_are_found():
    code = "raise errors.PfsValueError('A01', where='x')"
    assert files.codes_raised(code) == {"A01"}
    code = "raise PfsFileError('D01' if x else 'D02', where='x')"
    assert files.codes_raised(code) == {"D01", "D02"}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise ValueError('x')", "ValueError has no code"),
        ("raise KeyError", "KeyError has no code"),
        ("PfsValueError('A01', where=1)", "the error does not say expected"),
        (f"PfsTypeError(c, {FIVE})", "the code is not written here"),
    ],
)
def test_an_error_without_its_parts_is_seen(code, message):
    assert files.errors_without_code(f"PfsTypeError('A02', {FIVE})") == []
    (found,) = files.errors_without_code(code)
    assert found.startswith(f"line 1: {message}")


def test_every_missing_room_is_named(tmp_path):
    paper = papers.load()["rnn"]
    assert files.missing_rooms(tmp_path, paper) == [
        "missing: src/pfs/recurrent/rnn.py",
        "missing: tests/recurrent/test_rnn.py",
        "missing: website/figures/rnn.py",
        "missing: docs/notes/rnn.md",
        "missing: docs/ko/notes/rnn.md",
        "missing: docs/zh/notes/rnn.md",
        "missing: exercises in src/pfs/homework/exercises/rnn",
        "missing: a recipe in src/pfs/recipes that imports pfs.recurrent.rnn, "
        "or a line 'No recipe: why' in the module's docstring",
        "missing: mistakes in bank.py for recurrent/rnn.py",
    ]
    for one in files.missing_rooms(tmp_path, paper)[:6]:
        path = tmp_path / one.removeprefix("missing: ")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    empty = [m for m in files.missing_rooms(tmp_path, paper) if "empty" in m]
    assert empty == [
        "empty: src/pfs/recurrent/rnn.py",
        "empty: tests/recurrent/test_rnn.py",
        "empty: website/figures/rnn.py",
    ]
    for one in empty:
        path = tmp_path / one.removeprefix("empty: ")
        path.write_text(FULL, "utf-8")
    task = tmp_path / "src/pfs/homework/exercises/rnn/cell/task.toml"
    task.parent.mkdir(parents=True)
    task.touch()
    bank = tmp_path / "tests/mutants/bank.py"
    bank.parent.mkdir(parents=True)
    bank.write_text('FILE = "recurrent/rnn.py"\n', "utf-8")
    (one,) = files.missing_rooms(tmp_path, paper)
    assert one.startswith("missing: a recipe")
    module = tmp_path / "src/pfs/recurrent/rnn.py"
    module.write_text(
        '"""RNN.\n\nNo recipe: it is a brick.\n"""\n' + FULL, "utf-8"
    )
    assert files.missing_rooms(tmp_path, paper) == []
    module.write_text(FULL, "utf-8")
    recipe = tmp_path / "src/pfs/recipes/x.py"
    recipe.parent.mkdir()
    recipe.write_text("from pfs.recurrent.rnn import RNN\n", "utf-8")
    assert files.missing_rooms(tmp_path, paper) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x\nsee " + "/wo" + "rk/main\n", "line 2: '/work/m'"),
        ("/ro" + "ot/.cache", "line 1: '/root/.'"),
        ("open('/t" + "mp/x')", "line 1: '/tmp/x'"),
        ("C:" + "\\Users\\me", r"line 1: 'C:\\Users'"),
        ("x" * 500_001, "500,001 bytes, at most 500,000"),
    ],
)
def test_what_a_file_should_not_hold_is_seen(text, message, tmp_path):
    path = tmp_path / "a.md"
    path.write_text("Nothing: src/work/a, http/tmp.\n", "utf-8")
    assert files.indiscreet(path) == []
    path.write_text(text, "utf-8")
    assert files.indiscreet(path) == [message]
