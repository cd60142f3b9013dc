"""A verdict on the screen."""

from typing import Final

from pfs.commands.terminal import out
from pfs.commands.words import language
from pfs.homework import exercises
from pfs.homework.messages import lines, say
from pfs.homework.verdict import Verdict

PRINTED: Final = 10
"""Lines of the learner's own output that are shown."""


def show_verdict(verdict: Verdict, verbose: bool) -> None:
    """Print a verdict.

    Args:
        verdict: How far an answer is.
        verbose: Whether to print the whole traceback.

    Source:
        This project.

    Differs:
        nothing
    """
    exercise = exercises.load()[verdict.id]
    colour = {"": "green", "H00": "yellow"}.get(verdict.code, "red")
    first, *rest = lines(verdict, exercise, language())
    out.print(first, style=f"bold {colour}")
    for line in rest:
        out.print(f"  {line}")
    _picture(verdict)
    if verdict.printed.strip() and not verdict.passed:
        out.print(say("word.printed", language()))
        for line in verdict.printed.strip().splitlines()[-PRINTED:]:
            out.print(f"  | {line}")
    if verbose and verdict.log:
        out.print(verdict.log.rstrip())


def _picture(verdict: Verdict) -> None:
    """Lay a small result beside what was expected; wrong entries in red."""
    pair = verdict.values.get("picture")
    if not pair or out.width < 20 * len(pair[0][0]) + 8:
        return
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 3))
    table.add_row(
        *(
            f"  {say(word, language())}"
            for word in ("word.yours", "word.expected")
        )
    )
    for mine, theirs in zip(*pair, strict=True):
        left, right = Text("  "), Text("  ")
        for a, b in zip(mine, theirs, strict=True):
            same = abs(a - b) <= 1e-6 * max(1.0, abs(b))
            left.append(f"{a:9.4f}", style="" if same else "red")
            left.append(" " if same else "*")
            right.append(f"{b:9.4f} ")
        table.add_row(left, right)
    out.print(table)
