"""`pfs hw` as a program: it watches, in any console, without a network."""

import contextlib
import os
import pty
import signal
import statistics
import subprocess
import sys
import threading
import time
from queue import Queue

import pytest
from homework.small import SOFTMAX

RIGHT = SOFTMAX.solution
WRONG = RIGHT.replace("torch.exp(", "torch.exp2(")
SAVES = 15


@pytest.fixture
def env(tmp_path):
    own = {"PFS_HOME": str(tmp_path / "home"), "PFS_LANG": "en"}
    return {**os.environ, "OMP_NUM_THREADS": "1", **own}


def program(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "pfs", "hw", *map(str, arguments)],
        capture_output=True,
        timeout=120,
        check=False,
        **options,
    )


def heard():
    """Listen to Ctrl-C, which programs in the background may ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextlib.contextmanager
def watching(folder, env):
    """Start `pfs hw`; yield it and a queue of lines and their times."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pfs", "hw"],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    lines = Queue()

    def read():
        for line in process.stdout:
            lines.put((line.rstrip("\n"), time.perf_counter()))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield process, lines
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()
        process.stderr.close()


def until(lines, start):
    """Wait for a line that begins so; return when it came."""
    while True:
        line, when = lines.get(timeout=60)
        if line.startswith(start):
            return when


def save(file, text):
    beside = file.with_name("new")
    beside.write_text(text, "utf-8")
    beside.replace(file)
    return time.perf_counter()


def test_a_save_is_answered_at_once_and_ctrl_c_ends_quietly(
    env, tmp_path, capsys
):
    """The median is at most 0.2 s on a machine that does nothing else."""
    assert program("start", cwd=tmp_path, env=env).returncode == 0
    file = tmp_path / "pfs-homework" / "mlp" / "softmax.py"
    with watching(tmp_path, env) as (process, lines):
        until(lines, "Edit ")
        save(file, WRONG + "# 0\n")  # learns the known mistakes once
        until(lines, "FAIL  mlp.softmax")
        spent = []
        for number in range(1, SAVES + 1):
            right = number % 2 == 0
            began = save(file, f"{RIGHT if right else WRONG}# {number}\n")
            word = "PASS" if right else "FAIL"
            spent.append(until(lines, f"{word}  mlp.softmax") - began)
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert "Traceback" not in process.stderr.read()
    median = statistics.median(spent)
    with capsys.disabled():
        print(f"\nfrom saving to the verdict: {median:.3f} s, ", end="")
        print(f"longest {max(spent):.3f} s", flush=True)
    assert median <= 0.5


def test_files_that_come_and_go_do_not_stop_it(env, tmp_path):
    assert program("start", cwd=tmp_path, env=env).returncode == 0
    file = tmp_path / "pfs-homework" / "mlp" / "softmax.py"
    with watching(tmp_path, env) as (process, lines):
        until(lines, "Edit ")
        file.unlink()
        file.write_text("", "utf-8")
        time.sleep(0.2)
        file.write_text("def softmax(", "utf-8")
        until(lines, "FAIL  mlp.softmax")
        file.write_bytes(b"\xff\xfe\x00")
        until(lines, "FAIL  mlp.softmax")
        save(file, RIGHT)
        until(lines, "PASS  mlp.softmax")
        assert process.poll() is None


CONSOLES = {
    "no colour": {"NO_COLOR": "1"},
    "narrow": {"COLUMNS": "40"},
    "very narrow": {"COLUMNS": "10"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "cp949": {"PYTHONIOENCODING": "cp949", "PFS_LANG": "ko"},
    "gbk": {"PYTHONIOENCODING": "gbk", "PFS_LANG": "zh"},
    "ascii": {"PYTHONIOENCODING": "ascii", "PFS_LANG": "zh"},
}
LINES = [
    *(["start"], ["list"], ["next"], ["show", "softmax"], ["report"]),
    *(["hint", "softmax"], ["solution", "softmax", "--give-up"], ["--help"]),
]


@pytest.mark.parametrize("console", CONSOLES)
def test_any_console_will_do(console, env, tmp_path):
    code = (
        "from pfs.__main__ import prepare\nprepare()\n"
        "from pfs.cli import main\n"
        f"for line in {LINES!r}:\n"
        "    assert main(['hw', *line]) == 0, line\n"
        "assert main(['hw', 'show', 'no-such']) == 2\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        cwd=tmp_path,
        env=env | CONSOLES[console],
        timeout=120,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-2000:]
    assert b"Traceback" not in said
    assert b"\x1b[" not in said
    encoding = {"cp949": "cp949", "gbk": "gbk"}.get(console, "utf-8")
    text = done.stdout.decode(encoding)
    word = {"ko": "소프트맥스", "zh": "形状"}.get(
        CONSOLES[console].get("PFS_LANG"), "Softmax"
    )
    assert console == "ascii" or word in text


def in_terminal(arguments, **options):
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "pfs", "hw", *arguments],
        stdout=follower,
        stderr=follower,
        **options,
    )
    os.close(follower)
    said = b""
    with contextlib.suppress(OSError):
        while part := os.read(leader, 65536):
            said += part
    os.close(leader)
    return process.wait(60), said.decode()


def test_colour_never_tells_more_than_words(env, tmp_path):
    assert program("start", cwd=tmp_path, env=env).returncode == 0
    file = tmp_path / "pfs-homework" / "mlp" / "softmax.py"
    file.write_text(WRONG, "utf-8")
    env |= {"TERM": "xterm-256color", "COLUMNS": "100"}
    code, coloured = in_terminal(["check", "softmax"], cwd=tmp_path, env=env)
    assert code == 1
    assert "\x1b[1;31mFAIL" in coloured
    env["NO_COLOR"] = "1"
    code, plain = in_terminal(["check", "softmax"], cwd=tmp_path, env=env)
    assert code == 1
    assert "\x1b[31m" not in plain
    assert "\x1b[1;31m" not in plain
    assert "FAIL" in plain
    assert "* " in plain


def test_a_narrow_terminal_shows_everything(env, tmp_path):
    env |= {"TERM": "xterm-256color", "COLUMNS": "40", "NO_COLOR": "1"}
    code, said = in_terminal(["list"], cwd=tmp_path, env=env)
    assert code == 0
    assert "mlp.softmax" in said
    lines = said.replace("\r", "").splitlines()
    assert max(map(len, lines)) <= 40


def test_a_pipe_that_closes_is_no_fault(env):
    command = f"{sys.executable} -m pfs hw list | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True,
        env=env,
        check=False,
    )
    assert done.stdout.count(b"\t") == 3
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, 1)


OFFLINE = """
import socket

def refuse(*arguments, **options):
    raise OSError("no network in this test")

for name in ("connect", "connect_ex", "sendto", "bind"):
    setattr(socket.socket, name, refuse)
socket.getaddrinfo = refuse
"""


def test_without_a_network_everything_works(env, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(OFFLINE, "utf-8")
    env["PYTHONPATH"] = str(tmp_path / "site")
    probe = "import socket; socket.create_connection(('localhost', 9))"
    tried = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, env=env, check=False
    )
    assert b"no network in this test" in tried.stderr
    assert program("start", cwd=tmp_path, env=env).returncode == 0
    file = tmp_path / "pfs-homework" / "mlp" / "softmax.py"
    file.write_text(RIGHT, "utf-8")
    done = program("check", "softmax", cwd=tmp_path, env=env)
    assert (done.returncode, done.stdout[:4]) == (0, b"PASS"), done.stderr
