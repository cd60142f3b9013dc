"""Start the processes of a run on this machine, and watch over them.

`torchrun` does the same across machines; this one says in a sentence which
process died and how to go on.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Final

from pfs.errors import PfsRuntimeError
from pfs.training.interrupts import Interrupts

PATIENCE: Final = 15.0
"""Seconds that the others have to end after one of them has died."""


def launch(command: Sequence[str], count: int) -> int:
    """Run a Python program in several processes that know of each other.

    Args:
        command: Arguments of Python, such as `["-m", "pfs", "train", ...]`.
        count: How many processes.

    Returns:
        The exit code of the first process.

    Raises:
        RuntimeError: T11 if one of them died; the others are ended.

    Examples:
        >>> launch(["-c", "import os; assert os.environ['RANK'] in '01'"], 2)
        0

    Source:
        This project.

    Differs:
        `torchrun` restarts workers and joins machines; this one does not.
    """
    environment = {
        **os.environ,
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(_free_port()),
        "WORLD_SIZE": str(count),
        "PFS_LAUNCHED": "1",
    }
    running = [
        subprocess.Popen(
            [sys.executable, *command],
            env={**environment, "RANK": str(rank), "LOCAL_RANK": str(rank)},
        )
        for rank in range(count)
    ]
    try:
        with Interrupts() as interrupts:
            return _watch(running, interrupts)
    finally:
        _end(running)


def _watch(
    running: Sequence[subprocess.Popen[bytes]], interrupts: Interrupts
) -> int:
    told = False
    while True:
        codes = [process.poll() for process in running]
        dead = [rank for rank, code in enumerate(codes) if (code or 0) < 0]
        if dead:
            raise _died(dead[0], codes)
        if None not in codes:
            return max(code or 0 for code in codes)
        if interrupts.signal is not None and not told:
            told = True
            for process in running:
                process.send_signal(interrupts.signal)
        time.sleep(0.05)


def _end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask those that still run to end; do not wait for ever."""
    for process in running:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + PATIENCE
    for process in running:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _died(rank: int, codes: Sequence[int | None]) -> PfsRuntimeError:
    number = -(codes[rank] or 0)
    return PfsRuntimeError(
        "T11",
        where=f"rank {rank} of {len(codes)}",
        expected="that every process reaches the last step",
        got=f"it was ended by {signal.Signals(number).name}",
        todo="go on from the last checkpoint with --resume",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
