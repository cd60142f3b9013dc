"""`pfs hw`: the commands and their options. What they do is in `homework`."""

from pathlib import Path
from typing import Annotated

import typer

from pfs.commands.screen import LocalCommand, LocalGroup

hw_app = typer.Typer(
    cls=LocalGroup,
    help="hw",
    invoke_without_command=True,
    rich_markup_mode=None,
)
Id = Annotated[str | None, typer.Argument(metavar="ID", help="hw-id")]
Ids = Annotated[
    list[str] | None, typer.Argument(metavar="ID...", help="hw-ids")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="hw-verbose")]
Key = Annotated[
    str, typer.Option(metavar="TEXT", help="hw-key", envvar="PFS_HW_KEY")
]
Single = Annotated[bool, typer.Option("--single", help="hw-single")]
Json = Annotated[bool, typer.Option("--json", help="hw-json")]


@hw_app.callback()
def watch(
    context: typer.Context,
    verbose: Verbose = False,
) -> None:
    """Watch the folder, if no other command is given."""
    if context.invoked_subcommand is None:
        from pfs.commands import homework

        homework.watch(verbose)


@hw_app.command(cls=LocalCommand, help="hw-start")
def start(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="hw-folder")
    ] = None,
) -> None:
    """Lay out a folder."""
    from pfs.commands import homework

    homework.start(folder)


@hw_app.command("list", cls=LocalCommand, help="hw-list")
def list_exercises() -> None:
    """List the exercises."""
    from pfs.commands import homework

    homework.list_exercises()


@hw_app.command("next", cls=LocalCommand, help="hw-next")
def next_exercise() -> None:
    """Show the next exercise."""
    from pfs.commands import homework

    homework.next_exercise()


@hw_app.command(cls=LocalCommand, help="hw-check")
def check(ids: Ids = None, verbose: Verbose = False) -> None:
    """Check answers."""
    from pfs.commands import homework

    _leave(homework.check(ids or [], verbose))


@hw_app.command(cls=LocalCommand, help="hw-show")
def show(id: Id = None) -> None:
    """Show a task."""
    from pfs.commands import homework

    homework.show(id)


@hw_app.command(cls=LocalCommand, help="hw-hint")
def hint(id: Id = None) -> None:
    """Show the next hint."""
    from pfs.commands import homework

    homework.hint(id)


@hw_app.command(cls=LocalCommand, help="hw-solution")
def solution(
    id: Id = None,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="hw-give-up")
    ] = False,
) -> None:
    """Show the solution."""
    from pfs.commands import homework

    _leave(homework.solution(id, give_up))


@hw_app.command(cls=LocalCommand, help="hw-reset")
def reset(
    id: Annotated[str, typer.Argument(metavar="ID", help="hw-id")],
) -> None:
    """Begin an exercise anew."""
    from pfs.commands import homework

    homework.reset(id)


@hw_app.command(cls=LocalCommand, help="hw-report")
def report(as_json: Json = False) -> None:
    """Show what was done."""
    from pfs.commands import homework

    homework.report(as_json)


@hw_app.command(cls=LocalCommand, help="hw-doctor")
def doctor() -> None:
    """Look at what the homework needs."""
    from pfs.commands import teaching

    _leave(teaching.doctor())


@hw_app.command(cls=LocalCommand, help="hw-lint")
def lint(
    ids: Ids = None,
    seeds: Annotated[
        int, typer.Option(metavar="N", min=1, help="hw-seeds")
    ] = 20,
) -> None:
    """Judge the exercises themselves."""
    from pfs.commands import teaching

    _leave(teaching.lint(ids or [], seeds))


@hw_app.command(cls=LocalCommand, help="hw-grade")
def grade(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="hw-handed-in")],
    ids: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="hw-only"),
    ] = None,
    results: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="hw-out")
    ] = None,
    jobs: Annotated[int, typer.Option(metavar="N", help="hw-jobs")] = 2,
    key: Annotated[
        str, typer.Option(metavar="TEXT", help="hw-key", envvar="PFS_HW_KEY")
    ] = "",
    single: Single = False,
) -> None:
    """Grade a folder of answers."""
    from pfs.commands import teaching

    _leave(teaching.grade(folder, ids or [], results, jobs, key, single))


@hw_app.command(cls=LocalCommand, help="hw-export")
def export(
    to: Annotated[
        Path, typer.Argument(metavar="FILE", help="hw-export-file")
    ] = Path("autograder.zip"),
    ids: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="hw-only"),
    ] = None,
    key: Annotated[
        str, typer.Option(metavar="TEXT", help="hw-key", envvar="PFS_HW_KEY")
    ] = "",
) -> None:
    """Make an autograder for Gradescope."""
    from pfs.commands import teaching

    teaching.export(to, ids or [], key)


def _leave(code: int) -> None:
    if code:
        raise typer.Exit(code)
