"""The command line, in the same process and as a program."""

import itertools
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pfs import papers
from pfs.cli import main
from pfs.commands import words
from pfs.commands.terminal import err, out
from pfs.data import card, names
from pfs.recipes import RECIPES

GIVEN = os.environ.get("PFS_DATA")
TINY = ["hidden_size=13", "embedding_size=7", "steps=5", "window=11"]
SETTINGS = [word for setting in TINY for word in ("--set", setting)]
COMMANDS = [
    [],
    ["list"],
    ["info"],
    ["path"],
    ["explain"],
    ["data"],
    ["data", "list"],
    ["data", "card"],
    ["data", "get"],
    ["data", "check"],
    ["doctor"],
    ["train"],
    ["evaluate"],
    ["sample"],
    ["answer"],
]


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    monkeypatch.setenv("PFS_LANG", "en")
    yield
    words.use("en")


@pytest.fixture
def pfs(capsys):
    def run(*arguments):
        for console in (out, err):  # they hold the streams of before
            console.file = None
        code = main([str(a) for a in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def program(*arguments, **kw):
    env = {**os.environ, "OMP_NUM_THREADS": "1", **kw.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "pfs", *map(str, arguments)],
        capture_output=True,
        env=env,
        timeout=120,
        check=False,
        **kw,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_help_is_in_the_readers_language(command, language, pfs):
    code, said, _ = pfs("--lang", language, *command, "--help")
    assert code == 0
    for title in ("usage", "options"):
        assert words.load()[title][language] in said
    assert said.split("\n")[0].startswith(
        f"{words.load()['usage'][language]}: {' '.join(['pfs', *command])} "
    )
    if language != "en":
        sentences = re.sub(r"`[^`]*`|Papers From Scratch|KEY=VALUE", "", said)
        english = re.findall(r"[A-Za-z]+(?: [A-Za-z]+){3,}", sentences)
        assert not english
    assert "Show this message" not in said


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
@pytest.mark.parametrize(
    "wrong",
    [
        ["lsit"],
        ["--no-such"],
        ["info"],
        ["info", "rnn", "lstm"],
        ["sample", "--length", "many"],
        ["sample", "--length"],
        ["list", "--topik", "x"],
        ["data", "lits"],
        ["train", "--show=yes"],
        ["info", "rn"],
        ["data", "card", "mnits"],
        ["explain", "Q99"],
        ["train", "char-rn"],
        ["train", "char-rnn", "--set", "stpes=3"],
        ["train", "char-rnn", "--set", "steps=three"],
        ["train", "char-rnn", "--set", "data=story-em"],
        ["train", "char-rnn", "--out", "a", "--resume", "b"],
        ["train", "char-rnn", "--resume", "no such folder"],
        ["evaluate", "no such folder"],
        ["sample", "no such folder"],
        ["answer", "no such folder"],
        ["answer", "x", "--question", "Who?", "--paragraph", "She did."],
        ["list", "--topic", "recurent"],
    ],
    ids=" ".join,
)
def test_a_mistake_is_told_without_a_traceback(
    wrong, language, pfs, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code, said, fault = pfs("--lang", language, *wrong)
    assert code == 2
    assert said == ""
    assert "Traceback" not in fault
    assert len(fault.splitlines()) >= 2
    assert not [*tmp_path.glob("runs/*")]
    if language == "ko":
        assert re.search("[가-힣]", fault.splitlines()[0])
    if language == "zh":
        assert re.search("[\u4e00-\u9fff]", fault.splitlines()[0])


def test_the_code_says_what_kind_of_mistake_it_is(pfs):
    both = ("train", "char-rnn", "--out", "a", "--resume", "b")
    assert pfs(*both)[2][:3] == "A03"
    assert pfs("info", "rn")[2][:3] == "A01"
    assert pfs("sample", "no such folder")[2][:3] == "M01"


def test_near_names_are_offered(pfs):
    assert "list" in pfs("lsit")[2]
    assert "--topic" in pfs("list", "--topik", "x")[2]
    assert "mnist" in pfs("data", "card", "mnits")[2]
    assert "steps" in pfs("train", "char-rnn", "--set", "stpes=3")[2]
    assert "rnn" in pfs("info", "rn")[2]


def test_every_paper_can_be_found(pfs):
    code, said, _ = pfs("list")
    assert code == 0
    for paper in papers.load().values():
        assert f"  {paper.id} " in said
    code, said, _ = pfs("info", "rnn")
    assert "Elman" in said or "Rumelhart" in said
    assert pfs("info", "rnn", "--bibtex")[1].startswith("@")
    assert "  rnn " in pfs("path", "lstm")[1]


def test_every_data_set_has_a_card(pfs):
    code, said, _ = pfs("data", "list")
    assert code == 0
    assert [line.split("\t")[0] for line in said.splitlines()] == list(names())
    for name in names():
        code, said, _ = pfs("--lang", "zh", "data", "card", name)
        assert code == 0
        assert card(name).description["zh"] in said.replace("\n", "")
        assert card(name).citation[:20] in said


def test_a_damaged_file_is_found(pfs, tmp_path, monkeypatch):
    monkeypatch.setenv("PFS_DATA", str(tmp_path))
    monkeypatch.setenv("PFS_HOME", str(tmp_path / "cache"))
    code, said, _ = pfs("data", "check", "time-machine")
    assert (code, "not here" in said) == (0, True)
    path = tmp_path / card("time-machine").files[0].path
    path.parent.mkdir(parents=True)
    path.write_text("another text", "utf-8")
    code, said, _ = pfs("data", "check", "time-machine")
    assert (code, "damaged" in said) == (1, True)
    assert pfs("data", "get", "time-machine")[0] == 2
    assert pfs("data", "get", "story")[0] == 0


def test_the_doctor_looks_at_everything(pfs, monkeypatch, tmp_path):
    code, said, _ = pfs("doctor", "--json")
    found = {line["what"]: line for line in json.loads(said)}
    assert code == 0
    assert found["torch"]["state"] == "ok"
    assert {"device", "PFS_DATA", "PFS_HOME", "console", "C++"} <= set(found)
    monkeypatch.setenv("PFS_DATA", str(tmp_path / "nowhere"))
    code, said, _ = pfs("--lang", "ko", "doctor")
    assert code == 1
    assert "문제" in said


def test_old_versions_are_named(pfs, monkeypatch):
    import torch

    monkeypatch.setattr(torch, "__version__", "2.1.0+cpu")
    code, said, _ = pfs("doctor")
    assert code == 1
    assert "E01" in said
    assert "2.6" in said


def test_a_model_is_trained_judged_and_heard(pfs, tmp_path):
    folder = tmp_path / "나의 모델"
    options = ("--set", "data=story-ko", *SETTINGS, "--out", folder)
    code, said, fault = pfs("--lang", "ko", "train", "char-rnn", *options)
    assert code == 0, fault
    assert "퍼플렉서티" in said
    assert "스텝 5/5" in fault
    code, said, _ = pfs("evaluate", folder)
    assert code == 0
    code, one, _ = pfs("sample", folder, "--length", "30", "--seed", "1")
    assert code == 0
    assert one == pfs("sample", folder, "--length", "30", "--seed", "1")[1]
    code, said, fault = pfs("sample", folder, "--prompt", "\u2603")
    assert (code, fault[:3]) == (2, "X08")
    result = json.loads((folder / "result.json").read_text("utf-8"))
    result["metrics"]["held_out_perplexity"] *= 1.1
    (folder / "result.json").write_text(json.dumps(result), "utf-8")
    assert pfs("evaluate", folder)[0] == 1


def test_recipes_and_settings_are_listed(pfs):
    listed = [line.split("\t")[0] for line in pfs("train")[1].splitlines()]
    assert listed == [*RECIPES]
    code, said, _ = pfs("--lang", "zh", "train", "char-rnn", "--show")
    assert code == 0
    assert "window=64\t" in said
    assert "学习率" in said


def test_a_new_run_gets_a_folder_of_its_own(pfs, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert pfs("train", "char-rnn", *SETTINGS)[0] == 0
    made = sorted(path.name for path in (tmp_path / "runs").iterdir())
    assert made == ["char-rnn-story-en", "char-rnn-story-en-2"]
    assert pfs("sample", "--length", "5")[0] == 0
    code, _, fault = pfs("train", "char-rnn", "--out", tmp_path, *SETTINGS)
    assert (code, fault[:3]) == (2, "M02")


NAMES = ["with blank", "나의 글", "我的 文本", "é" * 60, "長" * 80]


@pytest.mark.parametrize("name", NAMES)
def test_any_path_will_do(name, pfs, tmp_path):
    text, folder = tmp_path / f"{name}.txt", tmp_path / name
    text.write_text("안녕하세요 hello 你好. " * 30, "utf-8")
    options = ("--set", f"data={text}", *SETTINGS, "--out", folder)
    assert pfs("train", "char-rnn", *options)[0] == 0
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert pfs("sample", link, "--length", "3")[0] == 0


SHELLS = {
    "no colour": {"NO_COLOR": "1"},
    "dumb": {"TERM": "dumb"},
    "narrow": {"COLUMNS": "40"},
    "very narrow": {"COLUMNS": "10"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "cp949": {"PYTHONIOENCODING": "cp949", "PFS_LANG": "ko"},
    "gbk": {"PYTHONIOENCODING": "gbk", "PFS_LANG": "zh"},
    "ascii": {"PYTHONIOENCODING": "ascii", "PFS_LANG": "zh"},
    "Korean": {"LANG": "ko_KR.UTF-8", "PFS_LANG": ""},
    "Chinese": {"LANG": "zh_CN.UTF-8", "PFS_LANG": ""},
}


@pytest.mark.parametrize("shell", SHELLS)
def test_any_console_will_do(shell, tmp_path):
    """All commands one after the other, in one real process."""
    lines = [
        ["--help"],
        ["list"],
        ["info", "rnn"],
        ["path", "rnn"],
        ["explain"],
        ["explain", "T05"],
        ["data", "list"],
        ["data", "card", "ingan-munje"],
        ["data", "check", "story"],
        ["train", "--help"],
        ["train", "char-rnn", "--show"],
        ["train", "char-rnn", "--set", "data=story-ko", *SETTINGS],
        ["sample", "--length", "9"],
        ["evaluate"],
        ["doctor"],
    ]
    run = (
        "import sys, json\n"
        "from pfs.__main__ import prepare\n"
        "prepare()\n"
        "from pfs.cli import main\n"
        f"for line in json.loads({json.dumps(json.dumps(lines))}):\n"
        "    code = main(line)\n"
        "    assert code == 0, (line, code)\n"
        "assert main(['info', 'rn']) == 2\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", run],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "OMP_NUM_THREADS": "1", **SHELLS[shell]},
        timeout=120,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-2000:]
    assert b"Traceback" not in said
    assert b"\x1b[" not in said
    if shell in ("Korean", "cp949"):
        encoding = "cp949" if shell == "cp949" else "utf-8"
        assert "사용법" in done.stdout.decode(encoding)
    if shell in ("Chinese", "gbk"):
        encoding = "gbk" if shell == "gbk" else "utf-8"
        assert "用法" in done.stdout.decode(encoding)
    if shell == "narrow":
        help_text = done.stdout.decode().split("papers")[0]
        assert max(map(len, help_text.splitlines()[:9])) <= 60


def test_a_pipe_that_closes_is_no_fault():
    command = f"{sys.executable} -m pfs data list | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True,
        env={**os.environ, "PFS_LANG": "en"},
        check=False,
    )
    assert done.stdout.startswith(b"bert-chinese-vocab")
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr
    assert done.returncode in (0, 1)


def test_a_terminal_gets_a_bar(tmp_path):
    """A real pseudo-terminal, 100 columns wide."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "pfs", "train", "char-rnn"),
            *("--set", "steps=30", "--set", "hidden_size=8", "--out", tmp_path),
        ],
        stdout=follower,
        stderr=follower,
        env={
            **os.environ,
            "TERM": "xterm-256color",
            "COLUMNS": "100",
            "OMP_NUM_THREADS": "1",
        },
    )
    os.close(follower)
    said = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(leader)
    assert process.wait(60) == 0
    assert "━".encode() in said
    assert b"30/30" in said
    assert b"\x1b[" in said


def test_lists_do_not_wait_for_torch():
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from pfs.cli import main\n"
        "for line in (['list'], ['info', 'rnn'], ['data', 'list'],\n"
        "             ['explain', 'T05'], ['train'], ['--help'],\n"
        "             ['train', 'char-rnn', '--show']):\n"
        "    assert main(line) == 0\n"
    )
    subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True
    )


BLOCK = """
import sys
for name in {missing!r}:
    sys.modules[name] = None
"""
EXTRAS = ("typer", "rich", "pooch", "filelock", "sklearn", "tensorboard")


def test_the_library_needs_torch_numpy_and_safetensors_alone():
    program = BLOCK.format(missing=EXTRAS) + (
        "import pfs, torch\n"
        "pfs.nn, pfs.optim, pfs.recurrent, pfs.training, pfs.text\n"
        "from pfs.recurrent.rnn import RNN\n"
        "RNN(3, 5)(torch.zeros(2, 4, 3))\n"
        "assert pfs.data.story('ko')\n"
        "from pfs.recipes import char_rnn\n"
        "from dataclasses import replace\n"
        "short = replace(char_rnn.CHAR_RNN, steps=1, hidden_size=5)\n"
        "char_rnn.run(short)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("name", ["typer", "rich"])
def test_a_missing_package_is_named(name):
    program = BLOCK.format(missing=[name]) + (
        "from pfs.__main__ import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert name in done.stderr
    assert "papers-from-scratch[cli]" in done.stderr
    assert "Traceback" not in done.stderr


def test_importing_the_package_costs_next_to_nothing():
    """At most 50 ms more than `import torch`; the median of five."""
    program = (
        "import time, torch\n"
        "began = time.perf_counter()\n"
        "import pfs\n"
        "print(time.perf_counter() - began)\n"
    )
    spent = sorted(
        float(
            subprocess.run(
                [sys.executable, "-c", program],
                capture_output=True,
                encoding="utf-8",
                check=True,
            ).stdout
        )
        for _ in range(5)
    )
    assert spent[2] < 0.05


def test_the_version_is_that_of_the_package(pfs):
    import pfs as package

    assert pfs("--version")[:2] == (0, f"{package.__version__}\n")


def test_the_program_gives_the_exit_code():
    assert program("list").returncode == 0
    assert program("lsit").returncode == 2
    assert program("--show-completion").returncode in (0, 1)


def test_the_order_of_language_and_command_does_not_matter(pfs):
    said = {
        pfs(*order)[1]
        for order in itertools.permutations(["list", "--lang=ko"])
    }
    assert len(said) == 1
    assert "예정" in said.pop()


SMALL = ["size=40", "steps=1", "d_model=8", "batch_size=4"]


@pytest.mark.parametrize("path", [Path("README.md")])
def test_the_commands_of_the_readme_work(path, pfs, tmp_path, monkeypatch):
    text = (Path(__file__).parents[2] / path).read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    found = re.findall(r"^pfs (.*)$", text, re.MULTILINE)
    assert found
    for line in found:
        options = SETTINGS if line.startswith("train char-rnn") else []
        if line.startswith("train translate"):
            options = [w for s in SMALL for w in ("--set", s)]
        assert pfs(*line.split(), *options)[0] == 0, line
