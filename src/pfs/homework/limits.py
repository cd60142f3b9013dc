"""Time that a piece of code may take, in this process."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from pfs.homework.subject import OutOfTime


@contextmanager
def stopwatch(seconds: float) -> Iterator[None]:
    """Raise `OutOfTime` in the block when the time is over.

    Only where the system has such an alarm, and in the main thread; elsewhere
    a process of its own has to be ended from outside.

    Args:
        seconds: How long it may take.

    Raises:
        OutOfTime: When the time is over.
    """
    there = hasattr(signal, "setitimer")
    if not there or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def memory(room: int) -> None:
    """Limit the memory of this process to what it has and some room.

    Args:
        room: Bytes beyond what is in use now. Where the system cannot limit
            it, nothing happens.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    try:
        pages = int(Path("/proc/self/statm").read_text("utf-8").split()[0])
    except OSError:  # macOS does not tell
        return
    used = pages * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = used + room
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
