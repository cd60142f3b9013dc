"""A check in a process of its own: endless loops and crashes end there.

Where the system can fork, a child has torch already and begins at once; else
a new Python does the same. Learners run their own code on their own machine:
this protects from accidents, not from attacks (that is `grading`).
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

from pfs.homework.exercises import Exercise
from pfs.homework.verdict import Verdict

ROOM: Final = 4 << 30
"""Bytes that a check may take beyond what Python and torch have."""
GRACE: Final = 1.0
PRINTED: Final = 2_000
"""Characters that are kept of what the learner's code prints."""


def judged(
    exercise: Exercise, file: Path, seed: int = 0, fork: bool | None = None
) -> Verdict:
    """Judge a learner's file.

    Args:
        exercise: What was asked.
        file: The answer.
        seed: Of the inputs.
        fork: Whether to fork; None if the system can.

    Returns:
        The verdict; H05 if the time was over, H08 if the process ended.
    """
    can = hasattr(os, "fork") and sys.platform != "darwin"
    task = {
        "folder": str(exercise.folder),
        "id": exercise.id,
        "file": str(file.resolve()),
        "seed": seed,
    }
    with (
        tempfile.TemporaryFile() as printed,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
    ):
        task["scratch"] = scratch
        run = _forked if (can if fork is None else fork) else _spawned
        answer, fate = run(exercise, task, printed)
        printed.seek(0)
        said = printed.read(4 * PRINTED).decode("utf-8", "replace")
    if answer is None:
        values = {"error": fate, "line": ""}
        code = "H05" if fate == "time" else "H08"
        return Verdict(exercise.id, code, values=values, printed=said[:PRINTED])
    return Verdict.of(answer | {"printed": said[:PRINTED]})


def answer_of(task: dict[str, Any], exercise: Exercise) -> Verdict:
    """Judge in this process; the time and the memory are limited.

    Args:
        task: File, seed.
        exercise: What was asked.

    Returns:
        The verdict, with the known mistake if it is one.
    """
    import torch

    from pfs.homework import answers, naming
    from pfs.homework.limits import memory, stopwatch
    from pfs.homework.subject import OutOfTime, fault_of

    torch.set_num_threads(1)
    file = task["file"]
    source = Path(file).read_text("utf-8-sig", errors="replace")
    memory(ROOM)
    try:
        with stopwatch(exercise.seconds):
            return naming.named(exercise, source, file, task["seed"])
    except OutOfTime as error:
        fault = fault_of(error, file=file)
        values = {"line": str(fault.line or ""), "text": fault.text}
        return Verdict(exercise.id, "H05", values=values, log=fault.log)
    except MemoryError:
        return Verdict(exercise.id, "H07", values={"error": "MemoryError"})
    finally:
        answers.forget(file)


def prepare(exercise: Exercise | None = None) -> None:
    """Do what a check would have to do first, before its clock runs.

    After that, forks begin at once, and know the mistakes.

    Args:
        exercise: What will be checked; `None` if that is not known yet.
    """
    import torch
    import torch._dynamo  # the device `meta` asks for it

    from pfs.homework import answers, naming

    torch.set_num_threads(1)
    assert all((answers, torch._dynamo))
    if exercise is not None:
        naming.ready(exercise)


Run = Callable[
    [Exercise, dict[str, Any], IO[bytes]], tuple[dict[str, Any] | None, str]
]


def _forked(
    exercise: Exercise, task: dict[str, Any], printed: IO[bytes]
) -> tuple[dict[str, Any] | None, str]:
    prepare(exercise)
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            os.setsid()
            os.dup2(printed.fileno(), 1)
            os.dup2(printed.fileno(), 2)
            sys.stdout = open(1, "w", 1, "utf-8", closefd=False)  # noqa: SIM115
            sys.stderr = open(2, "w", 1, "utf-8", closefd=False)  # noqa: SIM115
            sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
            os.chdir(task["scratch"])
            verdict = answer_of(task, exercise)
            with contextlib.suppress(Exception):  # it may be closed
                sys.stdout.flush()
            with open(writing, "w", encoding="utf-8") as pipe:
                json.dump(verdict.plain(), pipe)
            code = 0
        except BaseException:  # a mistake of ours or of a check
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    return _wait(child, reading, exercise.seconds + GRACE)


def _wait(
    child: int, reading: int, seconds: float
) -> tuple[dict[str, Any] | None, str]:
    """Read the child's answer; end it and all that it started."""
    until, parts, late = time.monotonic() + seconds, [], False
    with open(reading, "rb", buffering=0) as pipe:
        while True:
            left = until - time.monotonic()
            if left <= 0 or not select.select([pipe], [], [], left)[0]:
                late = True
                break
            part = pipe.read(65_536)
            if not part:
                break
            parts.append(part)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return _read(b"".join(parts), "time" if late else _fate(status))


def _fate(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _spawned(
    exercise: Exercise, task: dict[str, Any], printed: IO[bytes]
) -> tuple[dict[str, Any] | None, str]:
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        command = [sys.executable, "-m", "pfs.homework.child", str(answer)]
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=printed,
            stderr=printed,
            cwd=folder,
        )
        try:
            child.communicate(
                json.dumps(task).encode(), exercise.seconds + GRACE + 30
            )
            fate = f"exit code {child.returncode}"
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            fate = "time"
        text = answer.read_bytes() if answer.is_file() else b""
    return _read(text, fate)


def _read(text: bytes, fate: str) -> tuple[dict[str, Any] | None, str]:
    try:
        found: dict[str, Any] = json.loads(text)
        return found, fate
    except ValueError:
        return None, fate
