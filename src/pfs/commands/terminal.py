"""What the commands share: plain words for mistakes, progress, Ctrl-C."""

import difflib
import functools
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from pfs.errors import PfsError, PfsValueError

P = ParamSpec("P")
R = TypeVar("R")

# Text of users and papers is printed as it is: no markup, no colours guessed.
out = Console(soft_wrap=True, markup=False, highlight=False, emoji=False)
"""The standard output."""
err = Console(
    stderr=True, soft_wrap=True, markup=False, highlight=False, emoji=False
)
"""The standard error: what is not the answer."""


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Make a command say a user's mistake in words, without a traceback.

    Args:
        command: A function that may raise a `PfsError`.

    Returns:
        The same, ending with exit code 2 and the message on stderr; with 1 if
        a package is missing, and 130 after Ctrl-C.

    Examples:
        >>> plainly(lambda: 7)()
        7

    Source:
        This project.

    Differs:
        nothing
    """

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except PfsError as error:
            err.print(str(error))
            raise typer.Exit(1 if error.code == "E05" else 2) from None
        except KeyboardInterrupt:
            err.print("Stopped. Nothing was saved.")
            raise typer.Exit(130) from None

    return run


def pick(what: str, name: str, known: Iterable[str]) -> str:
    """Return a name that is known, or say which one is near.

    Args:
        what: What the name names, such as `"ID"`.
        name: The name that was given.
        known: The names that there are.

    Returns:
        `name`.

    Raises:
        ValueError: A01 if it is not known.

    Examples:
        >>> pick("ID", "rnn", ["rnn", "lstm"])
        'rnn'

    Source:
        This project.

    Differs:
        nothing
    """
    names = list(known)
    if name in names:
        return name
    near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5)
    raise PfsValueError(
        "A01",
        where=what,
        expected=", ".join(names) if len(names) < 9 else f"one of {len(names)}",
        got=repr(name),
        todo=f"did you mean {' or '.join(near)}?"
        if near
        else "`pfs list` shows them all",
    )


class Interrupts:
    """Ctrl-C and SIGTERM as a question: "is it time to stop?".

    A second Ctrl-C stops at once.

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
        if self.asked():
            raise KeyboardInterrupt
        self.signal = number


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[int, str], None]]:
    """Show a bar on stderr if that is a terminal.

    Args:
        total: How many steps there are.

    Yields:
        A function of the number of steps done and a few words.

    Examples:
        >>> with progress_bar(3) as show:
        ...     show(1, "well")

    Source:
        This project.

    Differs:
        nothing
    """
    narrow = err.width < 60
    columns = [BarColumn(bar_width=None), MofNCompleteColumn()]
    wide = [TextColumn("{task.description}"), TimeRemainingColumn()]
    quiet = not err.is_terminal  # no bar in a pipe, drawn again and again
    with Progress(
        *columns,
        *([] if narrow else wide),
        console=err,
        disable=quiet,
        expand=False,
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda done, words: bar.update(
            task, completed=done, description=words
        )
