"""The zip for Gradescope, unpacked and run as Gradescope would."""

import json
import os
import subprocess
import sys
import zipfile

import pytest
from homework.gradescope import RESULTS
from homework.small import SOFTMAX
from jsonschema import validate

from pfs.errors import PfsFileError
from pfs.homework.gradescope import export

KEY = "it's; $(a) key"


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """Lay out what Gradescope lays out: source, submission, results."""
    root = tmp_path_factory.mktemp("autograder")
    to = root / "to" / "autograder.zip"
    export(to, ["mlp.softmax", "rnn.cell"], KEY, "ko")
    with zipfile.ZipFile(to) as archive:
        assert archive.testzip() is None
        archive.extractall(root / "source")
        for entry in archive.infolist():
            mode = entry.external_attr >> 16
            (root / "source" / entry.filename).chmod(mode | 0o600)
    (root / "submission").mkdir()
    text = SOFTMAX.solution
    (root / "submission" / "softmax.py").write_text(text, "utf-8")
    return root


def run(machine, python=sys.executable):
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PFS_", "PYTHON"))
    }
    done = subprocess.run(
        [machine / "source" / "run_autograder"],
        cwd=machine,
        env=env | {"AUTOGRADER": str(machine), "AUTOGRADER_PYTHON": python},
        capture_output=True,
        timeout=120,
        check=False,
    )
    text = (machine / "results" / "results.json").read_text("utf-8")
    return done, json.loads(text)


def test_both_scripts_are_at_the_top_and_can_be_run(machine):
    for name in ("setup.sh", "run_autograder"):
        script = machine / "source" / name
        assert os.access(script, os.X_OK)
        assert script.read_text("utf-8").startswith("#!/usr/bin/env bash\n")
        subprocess.run(["bash", "-n", script], check=True)
    setup = (machine / "source" / "setup.sh").read_text("utf-8")
    for name in ("torch==", "typer==", "rich==", "filelock==", "platformdirs"):
        assert name in setup


def test_nothing_but_the_package_is_inside(machine):
    there = {path.name for path in (machine / "source").iterdir()}
    assert there == {"setup.sh", "run_autograder", "pfs"}
    names = {path.name for path in (machine / "source").rglob("*")}
    assert "__pycache__" not in names
    assert {"messages.toml", "units.toml", "check.py", "words.toml"} <= names


def test_a_submission_gets_its_results(machine):
    done, whole = run(machine)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    validate(whole, RESULTS)
    scores = {test["number"]: test["score"] for test in whole["tests"]}
    assert scores == {"mlp.softmax": 10, "rnn.cell": 0}
    assert whole["score"] == 10
    assert "통과" in whole["tests"][0]["output"]


def test_there_is_a_result_even_without_python(machine):
    done, whole = run(machine, "no-such-python")
    assert done.returncode == 0
    validate(whole, RESULTS)
    assert whole["score"] == 0
    assert "interrupted" in whole["output"]


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(PfsFileError) as caught:
        export(tmp_path / "file" / "a.zip", ["mlp.softmax"], KEY, "en")
    assert caught.value.code == "H92"
