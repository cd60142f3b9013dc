"""What the commands share: the two streams, plain words for faults, a bar."""

import difflib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from pfs.commands.words import language, say
from pfs.errors import PfsError, PfsValueError

# Text of users and papers is printed as it is: no markup, no colours guessed.
out = Console(soft_wrap=True, markup=False, highlight=False, emoji=False)
"""The standard output."""
err = Console(
    stderr=True, soft_wrap=True, markup=False, highlight=False, emoji=False
)
"""The standard error: what is not the answer."""


def tell(error: PfsError) -> None:
    """Print a fault in the reader's language, without a traceback.

    Args:
        error: The fault.

    Examples:
        >>> tell.__name__
        'tell'

    Source:
        This project.

    Differs:
        nothing
    """
    from pfs import explain

    known = explain.load()[error.code]
    err.print(f"{error.code}: {known.title[language()]}")
    for label in ("where", "expected", "got"):
        err.print(f"  {say(label)}: {getattr(error, label)}")
    err.print(f"  {say('do-this')}: {error.todo}")
    err.print(f"  {say('more')}: pfs explain {error.code}")


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
        todo=say("did-you-mean", names=", ".join(near))
        if near
        else say("choose"),
    )


def columns(rows: Iterable[tuple[str, ...]]) -> None:
    """Print rows: aligned on a terminal, with tabs between in a pipe.

    Args:
        rows: The cells of each row.

    Examples:
        >>> columns([("a", "b")])
        a b

    Source:
        This project.

    Differs:
        nothing
    """
    rows = list(rows)
    if not out.is_terminal:
        for row in rows:
            print("\t".join(row), file=out.file)  # rich would expand tabs
        return
    if out.width < 60:
        for row in rows:
            out.print("\n  ".join(row), soft_wrap=False)
        return
    table = Table.grid(padding=(0, 2))
    for _ in rows[0] if rows else ():
        table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    out.print(table, soft_wrap=False)


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


@contextmanager
def download_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each file on stderr if that is a terminal.

    Yields:
        A function of a file's name, the bytes that came and all its bytes.

    Examples:
        >>> with download_bar() as show:
        ...     show("mnist/labels.gz", 10, 20)

    Source:
        This project.

    Differs:
        nothing
    """
    shown = [TextColumn("{task.description}"), BarColumn(), DownloadColumn()]
    quiet = not err.is_terminal
    with Progress(*shown, console=err, disable=quiet) as bar:
        tasks: dict[str, TaskID] = {}

        def show(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(Path(name).name, total=total)
            bar.update(tasks[name], completed=done)

        yield show


def near(file: Path) -> str:
    """Return a path as short as it can be written.

    Args:
        file: Where.

    Returns:
        From here, if it lies here, else whole.

    Examples:
        >>> near(Path.cwd() / "grades")
        'grades'

    Source:
        This project.

    Differs:
        nothing
    """
    try:
        return str(file.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(file)
