"""A check in a process of its own: whatever a file does, there is a verdict."""

import itertools
import os
import shutil
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from homework.small import SOFTMAX

from pfs.homework import exercises
from pfs.homework.messages import lines
from pfs.homework.processes import PRINTED, judged

RIGHT = SOFTMAX.solution
WRONG = RIGHT.replace("torch.exp(", "torch.exp2(")
HEAD = "import os, sys, time, torch\n\n\ndef softmax(x, dim):\n"
STUBBORN = """\
    while True:
        try:
            time.sleep(1)
        except BaseException:
            pass
"""
KILLS = "    import signal\n    os.kill(os.getpid(), signal.SIGKILL)\n"


LOOP = HEAD + "    while True:\n        x = x + 0\n"
SAYS = (
    HEAD + "    print('안녕', dim)\n    print('oh', file=sys.stderr)\n"
    "    return x.undefined\n"
)


def softmax(folder, seconds=9.0):
    """Copy the exercise, with other seconds for an answer."""
    folder = folder / f"softmax {seconds}"
    if not folder.exists():
        shutil.copytree(SOFTMAX.folder, folder)
        path = folder / "task.toml"
        text = f"seconds = {seconds}\n{path.read_text('utf-8')}"
        path.write_text(text, "utf-8")
    return exercises.read(folder, SOFTMAX.id)


@pytest.fixture
def check(tmp_path):
    numbers = itertools.count()

    def run(source, fork=True, seconds=9.0):
        exercise = softmax(tmp_path, seconds)
        file = tmp_path / f"my answer {next(numbers)}.py"
        whole = source if isinstance(source, bytes) else source.encode()
        file.write_bytes(whole)
        before = file.stat()
        verdict = judged(exercise, file, fork=fork)
        after = file.stat()
        assert file.read_bytes() == whole
        assert before.st_mtime_ns == after.st_mtime_ns
        for language in ("en", "ko", "zh"):
            said = lines(verdict, exercise, language)
            assert len(said) <= 6
            assert "Traceback" not in "\n".join(said)
        return verdict

    return run


def test_right_wrong_and_not_started(check):
    assert check(RIGHT).passed
    verdict = check(WRONG)
    assert (verdict.code, verdict.mistake) == ("H20", "powers-of-two")
    assert verdict.right == ("runs", "shapes")
    assert check(SOFTMAX.start).code == "H00"


def test_an_endless_loop_is_ended_and_its_line_is_named(check):
    verdict = check(LOOP, seconds=1.0)
    assert verdict.code == "H05"
    assert verdict.values["line"] in ("5", "6")
    assert verdict.values["text"] in ("while True:", "x = x + 0")


def test_what_is_printed_is_kept(check, capfd):
    verdict = check(SAYS)
    assert verdict.code == "H06"
    assert {"안녕 -1", "oh"} <= {*verdict.printed.splitlines()}
    assert capfd.readouterr() == ("", "")


def test_a_new_python_gives_the_same_verdicts(check, tmp_path):
    """Where there is no fork; two at a time, because torch starts slowly."""
    softmax(tmp_path, 3.0)
    sources = [RIGHT, WRONG + "print('안녕')\n", LOOP]
    sources += [FATES[name][0] for name in ("exit at once", "much memory")]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda one: check(one, False, 3.0), sources))
    codes = ["", "H20", "H05", "H08", "H07"]
    assert [verdict.code for verdict in found] == codes
    assert found[1].right == ("runs", "shapes")
    assert found[1].printed == "안녕\n"
    assert found[2].values["line"] in ("5", "6")
    assert found[3].values["error"] == "exit code 0"


def test_much_print_is_cut(check):
    verdict = check(HEAD + "    print('x' * 10**6)\n    return x\n")
    assert verdict.code == "H20"
    assert verdict.printed == "x" * PRINTED


FATES = {
    "much memory": (HEAD + "    return torch.ones(1 << 33)\n", "H07"),
    "exit at once": (HEAD + "    os._exit(0)\n", "H08"),
    "loop at the start": ("while True:\n    pass\n", "H05"),
    "a loop that cannot be stopped": (HEAD + STUBBORN, "H05"),
    "exit": (HEAD + "    sys.exit(0)\n", "H06"),
    "exit at the start": ("raise SystemExit(0)\n", "H02"),
    "killed": (HEAD + KILLS, "H08"),
    "deep": (HEAD + "    return softmax(x, dim)\n", "H06"),
    "a list too long": (HEAD + "    return [0] * (1 << 40)\n", "H07"),
    "a tensor too large": (HEAD + "    return x.new_ones(1 << 40)\n", "H07"),
    "empty": ("", "H03"),
    "only a comment": ("# later\n", "H03"),
    "another name": (RIGHT.replace("def softmax", "def mine"), "H03"),
    "a number": ("softmax = 3\n", "H03"),
    "no import": (RIGHT.replace("import torch\n", "", 1), "H06"),
    "a module that is gone": ("import no_such\n" + RIGHT, "H02"),
    "syntax": (HEAD + "    return (x\n", "H01"),
    "tabs and blanks": (HEAD + "    if x:\n\treturn x\n", "H01"),
    "a zero": (RIGHT + "\0", "H01"),
    "not Python": ("\x7fELF\x02\x01", "H01"),
    "raises at the start": ("1 / 0\n", "H02"),
    "no modules left": (RIGHT + "import sys\nsys.modules.clear()\n", "H08"),
    "keyboard": (HEAD + "    raise KeyboardInterrupt\n", "H08"),
    "streams closed": (HEAD + "    sys.stdout.close()\n    return x\n", "H20"),
}


@pytest.mark.parametrize("name", FATES)
def test_there_is_always_a_verdict(name, check):
    source, code = FATES[name]
    assert check(source, seconds=1.0 if "loop" in name else 9.0).code == code


@pytest.mark.parametrize(
    "whole",
    [
        b"\xef\xbb\xbf" + RIGHT.encode(),
        RIGHT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode(),
        RIGHT.encode() + "# café".encode("latin-1"),
        RIGHT.encode() + "# 소프트맥스".encode("cp949"),
        "# 소프트맥스\n".encode() + RIGHT.rstrip().encode(),
    ],
    ids=["BOM", "CRLF", "BOM and CRLF", "latin-1", "cp949", "no last newline"],
)
def test_bytes_that_editors_write_are_read(whole, check):
    assert check(whole).passed


def test_the_line_of_a_mistake_in_the_syntax_is_named(check):
    verdict = check(HEAD + "    return x x\n")
    assert (verdict.code, verdict.values["line"]) == ("H01", "5")
    assert verdict.values["text"] == "return x x"


def test_a_file_that_is_gone_gives_a_verdict(tmp_path):
    assert judged(SOFTMAX, tmp_path / "gone.py").code == "H08"


def test_nothing_is_left_running(check, tmp_path):
    note = tmp_path / "pid"
    start = (
        "    import subprocess\n    child = subprocess.Popen(['sleep', '99'])\n"
        f"    with open({str(note)!r}, 'w') as file:\n"
        "        file.write(str(child.pid))\n"
    )
    assert check(HEAD + start + "    return x\n").code == "H20"
    pid = int(note.read_text("utf-8"))
    until = time.monotonic() + 5
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.01)
    assert not alive(pid)


def alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").split()[2]
    except OSError:
        return False
    return state != "Z"


def test_this_process_keeps_its_limits_and_its_streams(check, capsys):
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    threads = threading.active_count()
    files = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        assert check(RIGHT).passed
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert threading.active_count() == threads
    assert len(os.listdir("/proc/self/fd")) == files
    print("still here")
    assert capsys.readouterr().out == "still here\n"


def test_no_network_is_needed(check, monkeypatch):
    def refuse(*arguments, **options):
        raise OSError("no network in this test")

    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert check(RIGHT).passed
    assert check(WRONG).mistake == "powers-of-two"
    probe = HEAD + "    import socket\n    socket.create_connection(('a', 1))\n"
    assert "no network" in check(probe).values["error"]


def test_two_threads_check_at_once(check, tmp_path):
    softmax(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(check, [RIGHT, WRONG] * 2))
    assert [verdict.code for verdict in found] == ["", "H20", "", "H20"]
