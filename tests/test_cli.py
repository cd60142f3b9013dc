"""The command line, in the same process and as a program."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pfs import papers
from pfs.cli import app
from pfs.data import DATASETS, story

GIVEN = os.environ.get("PFS_DATA")
TINY = [
    "--hidden=13",
    "--embedding=7",
    "--steps=5",
    "--batch-size=3",
    "--window=11",
]


def pfs(*arguments):
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def program(*arguments, cwd=None, **env):
    return subprocess.run(
        [sys.executable, "-m", "pfs", *map(str, arguments)],
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "OMP_NUM_THREADS": "1", **env},
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ([], "list info path train sample --version"),
        (["list"], "--topic"),
        (["info"], "ID --bibtex"),
        (["path"], "ID"),
        (["train"], "char-rnn"),
        (
            ["train", "char-rnn"],
            "--text --data --lang --letters --embedding --hidden --layers "
            "--dropout --steps --epochs --batch-size --window --lr --clip "
            "--seed --out",
        ),
        (["sample"], "[MODEL_DIR] --prompt --length --temperature --seed"),
    ],
)
def test_help_is_complete(command, words):
    result = pfs(*command, "--help")
    assert result.exit_code == 0
    assert [word for word in words.split() if word not in result.stdout] == []


def test_help_tells_the_defaults():
    assert "[default: 256]" in pfs("train", "char-rnn", "--help").stdout


def test_the_list_shows_every_paper():
    lines = pfs("list").stdout.splitlines()
    shown = {line.split()[0] for line in lines if line.startswith("  ")}
    assert shown == set(papers.load())
    one = pfs("list", "--topic", "recurrent").stdout
    assert "  rnn " in one
    assert "  bert " not in one


def test_info_shows_a_paper_and_its_names():
    text = pfs("info", "rnn").stdout
    for word in ("Rumelhart", "1985", "pfs.recurrent.rnn", "순환 신경망"):
        assert word in text
    entry = pfs("info", "rnn", "--bibtex").stdout
    assert entry == papers.bibtex(papers.load()["rnn"]) + "\n"


@pytest.mark.parametrize("name", ["rnn", "bert", "moco"])
def test_the_path_is_that_of_the_registry(name):
    lines = pfs("path", name).stdout.splitlines()
    assert [line.split()[0] for line in lines] == [
        paper.id for paper in papers.path_to(name)
    ]


@pytest.mark.parametrize("command", ["info", "path"])
def test_an_unknown_id_suggests_the_nearest(command):
    result = pfs(command, "lstmm")
    assert result.exit_code == 2
    assert "did you mean lstm" in result.stderr
    assert result.stdout == ""
    assert "pfs list" in pfs(command, "qqqqqq").stderr


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_a_text_of_ones_own_ends_in_a_model_that_speaks(language, tmp_path):
    path = tmp_path / "나의 책.txt"
    path.write_text(story(language)[:900], "utf-8")
    folder = tmp_path / "모델"
    done = pfs(
        "train", "char-rnn", "--text", path, "--out", folder, *TINY, "--seed=3"
    )
    assert done.exit_code == 0
    for word in ("uniform", "unigram", "-gram", "this model", "saved: "):
        assert word in done.stdout

    result = json.loads((folder / "result.json").read_text("utf-8"))
    assert result["config"]["seed"] == 3
    assert result["config"]["steps"] == result["metrics"]["steps"] == 5
    assert result["corpus"]["title"] == "나의 책.txt"
    assert len(result["corpus"]["sha256"]) == 64
    assert result["wall_seconds"] >= 0
    for name in ("commit", "date", "versions", "platform", "sample"):
        assert result[name]
    assert str(tmp_path) not in json.dumps(result, ensure_ascii=False)
    assert os.uname().nodename not in json.dumps(result["platform"])

    def speak(*options):
        result = pfs("sample", folder, "--length=30", *options)
        assert result.exit_code == 0
        return result.stdout.removesuffix("\n")

    prompt = story(language)[:3]
    assert speak("--prompt", prompt, "--seed=1").startswith(prompt)
    assert len(speak("--prompt", prompt, "--seed=1")) == 33
    assert speak("--seed=1") == speak("--seed=1") != speak("--seed=2")
    greedy = [speak("--temperature=0", f"--seed={i}") for i in (1, 2)]
    assert greedy[0] == greedy[1]


def test_the_story_is_the_default_and_a_new_folder_each_time(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert pfs("train", "char-rnn", "--lang=zh", *TINY).exit_code == 0
    made = sorted(path.name for path in Path("runs").iterdir())
    assert made == ["char-rnn-story-zh", "char-rnn-story-zh-2"]


def test_epochs_are_counted_in_steps(tmp_path):
    text = tmp_path / "a.txt"
    text.write_text("abcdefghij" * 30, "utf-8")
    out = tmp_path / "out"
    small = [option for option in TINY if "steps" not in option]
    options = ("--text", text, "--epochs=2", "--out", out, *small)
    assert pfs("train", "char-rnn", *options).exit_code == 0
    result = json.loads((out / "result.json").read_text("utf-8"))
    assert result["metrics"]["steps"] == 2 * -(-(269 // 3) // 11) == 18


@pytest.mark.parametrize("name", DATASETS)
def test_a_novel_is_trained_on_or_its_place_is_named(
    name, tmp_path, monkeypatch
):
    if not GIVEN:
        monkeypatch.setenv("PFS_HOME", str(tmp_path / "empty"))
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    out = tmp_path / "out"
    command = ("train", "char-rnn", "--data", name, "--letters", "--out", out)
    result = pfs(*command, *TINY)
    if GIVEN:
        assert result.exit_code == 0
        saved = json.loads((out / "result.json").read_text("utf-8"))
        assert saved["corpus"]["file_sha256"] == DATASETS[name].sha256
        assert saved["corpus"]["cleaning"] == "letters"
    else:
        assert result.exit_code == 2
        assert result.stderr[:3] in {"D01", "D07"}
        assert DATASETS[name].path.split("/")[1] in result.stderr
        assert not out.exists()


MISTAKES = [
    (["--text", "no such.txt"], "X09", "no such file"),
    (["--text", "cp949.txt"], "X01", "looks like cp949"),
    (["--text", "empty.txt"], "X06", "at least 1"),
    (["--text", "short.txt"], "X06", "at least"),
    (["--text", "."], "X09", "a folder"),
    (["--data", "time-machin"], "A01", "did you mean time-machine"),
    (["--lang", "fr"], "A01", "en, ko, zh"),
    (["--lang", "ko", "--data", "time-machine"], "A03", "--data and --lang"),
    (["--steps", "5", "--epochs", "2"], "A03", "give one of the two"),
    (["--epochs", "0"], "A01", "epochs"),
    (["--hidden", "0"], "A01", "hidden_size"),
    (["--steps", "0"], "A01", "steps"),
    (["--lr", "-1"], "A01", "lr"),
    (["--steps", "9", "--lr", "1e30"], "T04", "smaller learning rate"),
    (["--out", "empty.txt"], "M02", "empty.txt"),
    (["--out", "."], "M02", "choose another folder"),
]


@pytest.mark.parametrize(("options", "code", "words"), MISTAKES)
def test_a_mistake_is_told_in_plain_words(
    options, code, words, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    Path("cp949.txt").write_bytes(story("ko").encode("cp949", "ignore"))
    Path("empty.txt").write_bytes(b"")
    Path("short.txt").write_bytes(b"too short")
    result = pfs("train", "char-rnn", *options)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{code}: ")
    assert words in result.stderr
    assert "do this: " in result.stderr
    assert "Traceback" not in result.stderr


def test_options_that_do_not_exist_are_refused():
    for command in (["train", "char-rnn", "--hiden=3"], ["lst"], ["info"]):
        result = pfs(*command)
        assert result.exit_code == 2
        assert "Usage" in result.stderr
    assert pfs("train", "char-rnn", "--hidden=many").exit_code == 2


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--prompt", "ж"], "X08"),
        (["--prompt", ""], "X06"),
        (["--length", "-1"], "A01"),
        (["--temperature", "-1"], "A01"),
    ],
)
def test_a_wrong_wish_for_a_sample_is_told(options, code, tmp_path):
    pfs("train", "char-rnn", "--out", tmp_path / "m", *TINY)
    result = pfs("sample", tmp_path / "m", *options)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{code}: ")


def test_a_folder_without_a_model_is_told(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        result = pfs("sample", folder)
        assert result.exit_code == 2
        assert result.stderr.startswith("M01: ")


# As a program


@pytest.mark.parametrize(
    "env",
    [
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp949"},
        {"NO_COLOR": "1", "COLUMNS": "40"},
        {"FORCE_COLOR": "1", "TERM": "xterm", "COLUMNS": "40"},
        {"TERM": "dumb"},
    ],
)
def test_any_terminal_will_do(env):
    for command in (["--help"], ["list"], ["info", "rnn"]):
        done = program(*command, **env)
        assert done.returncode == 0, done.stderr
        assert done.stderr == b""
        if "FORCE_COLOR" not in env:
            assert b"\x1b" not in done.stdout
    if env.get("PYTHONIOENCODING") == "ascii":
        assert b"\\uc21c\\ud658" in done.stdout


def test_a_run_in_a_pipe_prints_lines_and_no_bar(tmp_path):
    done = program(
        "train", "char-rnn", "--lang=ko", *TINY, cwd=tmp_path, NO_COLOR="1"
    )
    assert done.returncode == 0, done.stderr
    assert b"\x1b" not in done.stdout + done.stderr
    assert b"\r" not in done.stdout + done.stderr
    assert b"step 5/5" in done.stderr
    assert "saved: " in done.stdout.decode()


def test_the_list_does_not_wait_for_torch():
    code = (
        "import sys; from typer.testing import CliRunner; import pfs.cli;"
        "assert CliRunner().invoke(pfs.cli.app, ['list']).exit_code == 0;"
        "sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", ["typer", "rich"])
def test_a_missing_package_is_named(name, tmp_path):
    code = (
        f"import sys; sys.modules[{name!r}] = None; sys.argv = ['pfs', 'list'];"
        "from pfs.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b'pip install "papers-from-scratch[cli]"' in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_missing_downloader_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", None)
    monkeypatch.setenv("PFS_DATA", str(tmp_path))
    monkeypatch.setenv("PFS_HOME", str(tmp_path))
    result = pfs("train", "char-rnn", "--data", "time-machine")
    assert result.exit_code == 1
    assert result.stderr.startswith("E05: ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_and_saves_it(number, tmp_path):
    command = "-m pfs train char-rnn --steps=2000 --hidden=13 --out=out"
    running = subprocess.Popen(
        [sys.executable, *command.split()],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert running.stderr is not None
    assert b"step 200/2000" in running.stderr.readline()
    running.send_signal(number)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 128 + number
    assert b"Stopped after step" in err
    assert b"Traceback" not in err
    assert b"saved: out" in out
    result = json.loads((tmp_path / "out/result.json").read_text("utf-8"))
    assert 200 <= result["metrics"]["steps"] < 2000
    assert pfs("sample", tmp_path / "out", "--length=9").exit_code == 0


def test_without_a_name_the_last_model_speaks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "M01" in pfs("sample").stderr
    text = tmp_path / "text.txt"
    text.write_text("abcdefg" * 100, "utf-8")
    small = ("--steps=2", "--hidden=5", "--window=9", "--batch-size=2")
    for name in ("one", "two"):
        options = ("--text", text, "--out", f"runs/{name}", *small)
        assert pfs("train", "char-rnn", *options).exit_code == 0
    last = pfs("sample", "--length=20", "--seed=1").stdout
    assert last == pfs("sample", "runs/two", "--length=20", "--seed=1").stdout
