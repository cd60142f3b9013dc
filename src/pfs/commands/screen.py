"""Help and mistakes of usage, in the reader's language and console."""

import difflib
import re
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from typer.core import TyperCommand, TyperGroup

from pfs.commands.terminal import err, out
from pfs.commands.words import language, load, say

OUR_OWN = {"help", "install_completion", "show_completion", "version", "lang"}
"""Options that are found everywhere; their words begin with `option-`."""


class LocalCommand(TyperCommand):
    """A command whose help speaks the reader's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help.

        Args:
            ctx: The command line so far.
            formatter: Not used: it cannot measure Korean and Chinese.
        """
        show_help(self, ctx)


class LocalGroup(TyperGroup):
    """Commands under one name, whose help speaks the reader's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help.

        Args:
            ctx: The command line so far.
            formatter: Not used: it cannot measure Korean and Chinese.
        """
        show_help(self, ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a command, or say which name is near.

        Args:
            ctx: The command line so far.
            args: What follows, the name first.

        Returns:
            What the class above finds.
        """
        names = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in names:
            near = difflib.get_close_matches(args[0], names, n=2, cutoff=0.5)
            ctx.fail(_no("command", args[0], near))
        return super().resolve_command(ctx, args)


def show_help(command: Any, ctx: Any) -> None:
    """Print what a command does and takes.

    Args:
        command: The command.
        ctx: The command line so far.

    Examples:
        >>> show_help.__name__
        'show_help'

    Source:
        This project.

    Differs:
        nothing
    """
    pieces = [ctx.command_path, *command.collect_usage_pieces(ctx)]
    pieces = [f"[{say('options')}]" if p == "[OPTIONS]" else p for p in pieces]
    out.print(f"{say('usage')}: {' '.join(pieces)}\n")
    about = Padding(_words(command.help or ""), (0, 0, 0, 2))
    out.print(about, soft_wrap=False)
    parameters = [p for p in command.get_params(ctx) if not p.hidden]
    rows = {
        "arguments": [_row(p) for p in parameters if _is_argument(p)],
        "options": [_row(p) for p in parameters if not _is_argument(p)],
        "commands": _commands(command, ctx),
    }
    rows["options"] += [("--lang en|ko|zh", _words("option-lang"))]
    for title, lines in rows.items():
        if lines:
            out.print(f"\n{say(title)}:")
            out.print(_table(lines), soft_wrap=False)


def _table(lines: list[tuple[str, str]]) -> Padding:
    """Two columns where there is room, else one below the other."""
    if out.width < 60:
        blocks = [f"{name}\n  {words}".rstrip() for name, words in lines]
        return Padding(Text("\n".join(blocks)), (0, 0, 0, 2))
    table = Table.grid(padding=(0, 2))
    table.add_column(max_width=out.width // 2, overflow="fold")
    table.add_column(overflow="fold")
    for name, words in lines:
        table.add_row(Text(name), Text(words))
    return Padding(table, (0, 0, 0, 2))


def _row(parameter: Any) -> tuple[str, str]:
    name = parameter.name
    key = f"option-{name.replace('_', '-')}"
    words = _words(key if name in OUR_OWN else parameter.help or "")
    notes = []
    if parameter.required:
        notes.append(say("required"))
    elif parameter.default not in (None, False, (), []):
        shown = name not in OUR_OWN
        notes += [say("default", value=parameter.default)] if shown else []
    if notes:
        words = f"{words} [{', '.join(notes)}]"
    if _is_argument(parameter):
        return parameter.metavar or name.upper(), words
    label = ", ".join(sorted(parameter.opts, key=len))
    if not parameter.is_flag:
        label = f"{label} {parameter.metavar or name.upper()}"
    return label, words


def _commands(command: Any, ctx: Any) -> list[tuple[str, str]]:
    if not hasattr(command, "list_commands"):
        return []
    names = command.list_commands(ctx)
    found = [(name, command.get_command(ctx, name)) for name in names]
    return [(n, _words(c.help or "")) for n, c in found if c and not c.hidden]


def _words(key: str) -> str:
    return say(key) if key in load() else key


def _is_argument(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def tell_misuse(error: Any) -> None:
    """Say what is wrong with a command line.

    Args:
        error: What the parser raised.

    Examples:
        >>> tell_misuse.__name__
        'tell_misuse'

    Source:
        This project.

    Differs:
        nothing
    """
    ctx = getattr(error, "ctx", None)
    err.print(_misuse(error, type(error).__name__))
    err.print(say("try-help", command=ctx.command_path if ctx else "pfs"))


def _misuse(error: Any, kind: str) -> str:
    parameter = getattr(error, "param", None)
    named = parameter.get_error_hint() if parameter else ""
    if kind == "NoSuchOption":
        return _no("option", error.option_name, error.possibilities or [])
    if kind == "MissingParameter":
        return say("missing", name=named)
    if kind == "BadParameter" and parameter:
        return say("invalid", name=named)
    message = str(error.message)
    if message in OURS:
        return message
    inside = re.search(r"\(([^()]*)\)$|('.*?')", message)
    value = next(filter(None, inside.groups()), "") if inside else message
    return say("wrong-use", value=value)


OURS: set[str] = set()
"""Messages that are in the reader's language already."""


def _no(what: str, name: str, near: list[str]) -> str:
    text = say(f"no-{what}", name=name)
    if near:
        between = "" if language() == "zh" else " "
        text += between + say("did-you-mean", names=", ".join(near))
    OURS.add(text)
    return text
