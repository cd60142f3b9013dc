"""Ctrl-C and SIGTERM as a question: "is it time to stop?"."""

import signal
import time
from types import FrameType
from typing import Any


class Interrupts:
    """Note a signal instead of dying of it; a second Ctrl-C ends at once.

    A repetition within a second is not a second wish: a terminal sends Ctrl-C
    to a launcher and its processes, and the launcher passes it on.

    Examples:
        >>> with Interrupts() as interrupts:
        ...     interrupts.asked()
        False

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        """The first signal that came."""
        self._when = 0.0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Interrupts":
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *exception: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def asked(self) -> bool:
        """Whether to stop."""
        return self.signal is not None

    def _note(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self.signal is None:
            self.signal, self._when = number, now
        elif number == signal.SIGINT and now - self._when > 1.0:
            raise KeyboardInterrupt
