"""The process of one student: `python -m pfs.homework.confined SOCKET SCRATCH`.

It imports torch once. For every exercise it forks a child that gives up its
rights, loads the answer and answers calls; nothing that the child says is
believed. Between two exercises everything that it has left running is ended.
"""

import contextlib
import io
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import Any, Final

GRACE: Final = 1.0


def main() -> None:
    """Serve one exercise after the other, until the socket closes."""
    from pfs.homework import answers, confinement, wire

    warm_up()
    control = socket.socket(fileno=int(sys.argv[1]))
    scratch = Path(sys.argv[2])
    os.chdir(scratch)
    confinement.undumpable()
    assert answers
    assert wire
    control.send(json.dumps({"ready": confinement.landlock_version()}).encode())
    while True:
        message, fds, _, _ = socket.recv_fds(control, 65_536, 2)
        if not message:
            return
        task = json.loads(message)
        if not fds:  # a child that was to be ended is over already
            continue
        child = os.fork()
        if child == 0:
            _child(control, fds, task, scratch)
        for fd in fds:
            os.close(fd)
        fate = wait(child, control, task["seconds"] + GRACE)
        control.send(json.dumps({"fate": fate}).encode())


def warm_up() -> None:
    """Import what answers use: a child cannot read everything later."""
    import math
    import random

    import numpy
    from torch.func import functional_call

    import pfs.nn
    import pfs.optim
    from pfs.homework.processes import prepare

    prepare()
    assert all((math, random, numpy, functional_call, pfs.nn, pfs.optim))


def wait(child: int, control: socket.socket, seconds: float) -> str:
    """Wait for a child, end it in time, and end all that it has started.

    Args:
        child: Its number.
        control: A message here ends it at once.
        seconds: How long it may live.

    Returns:
        `exit code 0`, a signal's name, or `time`.
    """
    handle = os.pidfd_open(child)
    watched: list[Any] = [handle, control]
    ready, _, _ = select.select(watched, [], [], seconds)
    late = handle not in ready and control not in ready
    if control in ready:
        control.recv(65_536)
    os.close(handle)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.getpid() == 1:
        _sweep()
    if late:
        return "time"
    code = os.waitstatus_to_exitcode(status)
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _sweep() -> None:
    """End every process but this one; only the first process may say so."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass
        except ChildProcessError:
            return
        time.sleep(0.005)


def _child(
    control: socket.socket, fds: list[int], task: dict[str, Any], scratch: Path
) -> None:
    try:
        control.close()
        os.setsid()
        quiet = os.open(os.devnull, os.O_RDONLY)
        os.dup2(quiet, 0)
        os.dup2(fds[1], 1)
        os.dup2(fds[1], 2)
        for stream in (sys.stdout, sys.stderr):  # it is ended without notice
            assert isinstance(stream, io.TextIOWrapper)
            stream.reconfigure(encoding="utf-8", line_buffering=True)
        with socket.socket(fileno=fds[0]) as line:
            try:
                serve(line, task, scratch)
            except EOFError:  # there are no more questions
                pass
            except BaseException:
                traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
        os._exit(0)


def serve(line: socket.socket, task: dict[str, Any], scratch: Path) -> None:
    """Load an answer and answer calls.

    Args:
        line: To the process that judges.
        task: Folder, id and name of the exercise, seconds.
        scratch: The only folder that may be written to.
    """
    from pfs.homework import answers, wire
    from pfs.homework.confinement import confine
    from pfs.homework.exercises import read
    from pfs.homework.remote import receive
    from pfs.homework.stop import Stop

    exercise = read(Path(task["folder"]), task["id"])
    battery = exercise.battery()
    source, file, start = receive(line), f"{exercise.name}.py", exercise.start
    confine(scratch, task["seconds"])
    try:
        code = answers.compiled(source, file, start)
        thing = answers.defined(code, source, file, exercise.name)
        subject = answers.subject(battery, thing, file)
    except Stop as stop:
        line.sendall(wire.pack({"code": stop.code, "values": stop.values}))
        return
    line.sendall(wire.pack({"code": "", "values": {}}))
    while True:
        request = wire.request_of(receive(line))
        line.sendall(wire.pack(wire.answered(subject.ask(request))))


if __name__ == "__main__":
    main()
