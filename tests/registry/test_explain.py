"""Every error code is explained, and its example raises it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pfs import explain
from pfs.errors import CODES, PfsError, PfsValueError
from pfs.nn import Linear

EXAMPLES = {c: e.example for c, e in explain.load().items() if e.example}
PATH = Path(explain.HERE / "errors.toml")
WITHOUT = {
    *("D01", "D02", "D03", "D04", "D05", "D06", "D07", "D08", "D09", "D10"),
    *("E01", "E02", "E05", "T06", "T08", "X05"),
}
"""What needs a network, a damaged file, another machine, or only warns."""


def test_every_code_is_explained_in_every_language():
    assert set(explain.load()) == set(CODES)
    assert set(CODES) - set(EXAMPLES) == WITHOUT
    for one in explain.load().values():
        for part in (one.title, one.why, one.fix):
            assert set(part) == {"en", "ko", "zh"}
            commands = [re.findall(r"`([^`]+)`", part[lang]) for lang in part]
            assert sorted(commands[0]) == sorted(commands[1])
            assert sorted(commands[0]) == sorted(commands[2])


@pytest.mark.parametrize("code", EXAMPLES)
def test_an_example_raises_its_code(code):
    """In a process of its own, as a reader would run it."""
    program = (
        "from pfs.errors import PfsError\n"
        "try:\n"
        + "\n".join(f"    {line}" for line in EXAMPLES[code].splitlines())
        + "\nexcept PfsError as error:\n"
        "    print(error.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    assert done.stdout.split() == [code]


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_an_explanation_can_be_read(language):
    for code in CODES:
        text = explain.explain(code, language)
        assert text.startswith(f"{code}: ")
        assert len(text.split("\n\n")) >= 3
    if language == "ko":
        whole = explain.explain("T05", "ko")
        assert re.search(r"[가-힣]", whole)
        assert all(
            one.why["ko"].endswith("다.") for one in explain.load().values()
        )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title.en = "an argument is out of range"', 'title.en = "other"'),
        ("[A01]", "[A00]"),
        ("[A01]", "[Z01]"),
        ("why.zh", "why.jp"),
        ("fix.ko", "cure.ko"),
        ('why.en = "A number', 'why.en = 7 # "A number'),
    ],
)
def test_an_entry_that_does_not_hold_is_refused(old, new):
    text = PATH.read_text("utf-8")
    assert old in text
    with pytest.raises(PfsValueError) as caught:
        explain.parse(text.replace(old, new, 1), PATH)
    assert caught.value.code == "K01"


def test_messages_name_the_command_that_explains_them():
    with pytest.raises(PfsError, match=r"more: +pfs explain A01"):
        Linear(0, 1)
