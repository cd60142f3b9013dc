"""A student's answer in a process with limits, asked from outside.

The process that judges holds the oracle and the seeds; the confined one gets
arguments and gives back arrays. What it says about itself is not believed.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final

from pfs.errors import PfsRuntimeError
from pfs.homework import wire
from pfs.homework.confinement import Way, ways
from pfs.homework.exercises import Exercise
from pfs.homework.stop import Stop
from pfs.homework.subject import Answer, Request

START: Final = 60.0
"""Seconds that a process may take to import torch."""
SAID: Final = ("error", "name", "line", "text")
"""What a process may say about an answer that cannot be loaded."""
PRINTED: Final = 2_000
"""Characters that are kept of what an answer prints."""


def receive(line: socket.socket) -> Any:
    """Read one frame from a socket.

    Args:
        line: Its timeout holds for every part.

    Returns:
        The tree.

    Raises:
        EOFError: If the other side has closed.
        BadFrame: If it is no frame.
        TimeoutError: If the time is over.
    """
    form, body = wire.sizes(_exactly(line, wire.HEAD.size))
    return wire.unpack(_exactly(line, form), _exactly(line, body))


def _exactly(line: socket.socket, count: int) -> bytes:
    parts, left = [], count
    while left:
        part = line.recv(min(left, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


class Remote:
    """A `Subject` whose code runs elsewhere.

    Args:
        line: To the process.
        seconds: How long all calls together may take.
    """

    def __init__(self, line: socket.socket, seconds: float) -> None:
        self.line = line
        self.left = seconds

    def say(self, tree: Any) -> Any:
        """Send a tree and return what comes back.

        Args:
            tree: What to send.

        Returns:
            What came.

        Raises:
            Stop: H05 when the time is over, H08 if the process has ended.
        """
        begin = time.monotonic()
        try:
            self.line.settimeout(max(self.left, 0.001))
            self.line.sendall(wire.pack(tree))
            return receive(self.line)
        except TimeoutError:
            raise Stop("H05") from None
        except (EOFError, OSError) as error:
            raise Stop("H08", error=str(error) or "closed") from None
        except wire.BadFrame as error:
            raise Stop("H08", error=str(error)) from None
        finally:
            self.left -= time.monotonic() - begin

    def ask(self, request: Request) -> Answer:
        """Carry out one call."""
        tree = self.say(wire.asked(request))
        try:
            answer = wire.answer_of(tree)
        except wire.BadFrame as error:
            raise Stop("H08", error=str(error)) from None
        if answer.fault is None and not _fits(answer, request):
            raise Stop("H08", error="gradients that do not fit")
        return answer


def _fits(answer: Answer, request: Request) -> bool:
    """Tell whether there is a gradient for each argument, of its shape."""
    inputs = [request.arguments[place] for place in request.gradients]
    return len(answer.gradients) == len(inputs) and all(
        g is None or g.shape == a.shape
        for g, a in zip(answer.gradients, inputs, strict=True)
    )


class Confined:
    """The process of one student; close it after use.

    Args:
        slot: A number that no other running process has.
        allowed: Ways to start it, strictest first; all if `None`.

    Raises:
        RuntimeError: H92 if this system has no way to confine a process.
    """

    def __init__(self, slot: int, allowed: Sequence[int] | None = None) -> None:
        self.slot = slot
        self.allowed = allowed
        self.folder = Path(tempfile.mkdtemp(prefix="pfs-hw-"))
        self.process: subprocess.Popen[bytes] | None = None
        self.protects: tuple[str, ...] = ()

    def __enter__(self) -> "Confined":
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start the process, in the strictest way that works.

        Raises:
            RuntimeError: H92 if there is none.
        """
        for number, way in enumerate(ways(self.folder, self.slot)):
            if self.allowed is not None and number not in self.allowed:
                continue
            version = self._try(way)
            if version is None:
                continue
            files = ("files",) if version else ()
            self.protects = (*way.protects, *files)
            if "files" in self.protects or "user" in self.protects:
                return
            self.stop()
        raise PfsRuntimeError(
            "H92",
            where="pfs hw grade",
            expected="Linux with Landlock, or the rights of root",
            got=f"{sys.platform}, and no way to confine a process",
            todo="grade in a Linux container: see the page for teachers",
        )

    def _try(self, way: Way) -> int | None:
        """Start the process; return the version of Landlock, or None."""
        if not hasattr(socket, "recv_fds") or not hasattr(os, "pidfd_open"):
            return None
        if way.user is not None:
            os.chown(self.folder, way.user, way.user)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        python = (sys.executable, "-m", "pfs.homework.confined")
        command = [*way.command, *python, str(theirs.fileno())]
        try:
            self.process = subprocess.Popen(
                [*command, str(self.folder)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(self.folder),
                start_new_session=True,
            )
        except OSError:
            return None
        finally:
            theirs.close()
        ours.settimeout(START)
        self.control = ours
        try:
            message = ours.recv(65_536)
        except OSError:
            message = b""
        if not message:
            self.stop()
            return None
        ready: int = json.loads(message)["ready"]
        return ready

    def stop(self) -> None:
        """End the process and everything in it."""
        if self.process is None:
            return
        self.control.close()
        self.process.kill()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, 9)
        self.process.wait()
        self.process = None

    def begin(
        self, exercise: Exercise, source: str, printed: IO[bytes]
    ) -> Remote:
        """Load an answer.

        Args:
            exercise: What was asked.
            source: The student's text.
            printed: A file for what the answer prints.

        Returns:
            Something that answers.

        Raises:
            Stop: H00 to H03, H05 or H08 if it cannot be loaded.
        """
        if self.process is None or self.process.poll() is not None:
            self.stop()
            self.start()
        ours, theirs = socket.socketpair()
        task = {
            "folder": str(exercise.folder),
            "id": exercise.id,
            "seconds": exercise.seconds,
        }
        fds = [theirs.fileno(), printed.fileno()]
        with theirs:
            socket.send_fds(self.control, [json.dumps(task).encode()], fds)
        remote = Remote(ours, exercise.seconds)
        first = remote.say(source)
        if not isinstance(first, dict) or first.get("code"):
            raise stopped(first)
        return remote

    def end(self) -> str:
        """End the answer that was loaded.

        Returns:
            How it ended, as `exit code 0`, `SIGKILL` or `time`.
        """
        if self.process is None:
            return "not started"
        try:
            self.control.send(b"{}")
            self.control.settimeout(10)
            fate = str(json.loads(self.control.recv(65_536))["fate"])
        except (OSError, ValueError, KeyError):
            self.stop()
            return "ended"
        return fate


def stopped(first: Any) -> Stop:
    """Return why an answer could not be loaded, as the child tells it."""
    try:
        code, values = first["code"], first["values"]
        if code not in ("H00", "H01", "H02", "H03"):
            code = "H08"
        words = {name: str(values.get(name, ""))[:300] for name in SAID}
        return Stop(code, **words)
    except (KeyError, TypeError, AttributeError):
        return Stop("H08", error="not an answer")


def _environment(folder: Path) -> dict[str, str]:
    kept = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "LD_LIBRARY_PATH")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    return found | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
