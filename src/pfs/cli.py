"""The command line: `pfs --help` lists what it can do.

Nothing heavy is imported early; help texts are ids of `commands/words.toml`.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from pfs.commands.hw import hw_app
from pfs.commands.screen import LocalCommand, LocalGroup, tell_misuse
from pfs.commands.terminal import err, out, tell
from pfs.commands.words import language, say, take_language, use
from pfs.errors import PfsError

app = typer.Typer(
    cls=LocalGroup,
    help="app",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data_app = typer.Typer(
    cls=LocalGroup, help="data", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(data_app, name="data")
app.add_typer(hw_app, name="hw")

PaperId = Annotated[str, typer.Argument(metavar="ID", help="paper-id")]
Folder = Annotated[
    Path | None, typer.Argument(metavar="DIR", help="model-folder")
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line.

    Args:
        arguments: The words after `pfs`; those of the process if `None`.

    Returns:
        The exit code: 0; 1 if a package or another process is missing, or
        what was checked is not fine; 2 for a user's mistake; 130 after
        Ctrl-C.

    Examples:
        >>> main(["list", "--topic", "words"])
        words
        ...
        0

    Source:
        This project.

    Differs:
        nothing
    """
    given = sys.argv[1:] if arguments is None else arguments
    try:
        wanted, rest = take_language(given)
        use("en")
        use(wanted)
        code = app(rest, prog_name="pfs", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except PfsError as error:
        tell(error)
        return 1 if error.code in ("E01", "E05", "T11") else 2
    except BrokenPipeError:  # the reader has seen enough, as in `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (KeyboardInterrupt, typer.Abort):
        err.print(say("stopped"))
        return 130
    except Exception as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            ctx: Any = getattr(error, "ctx", None)
            ctx.command.format_help(ctx, None)
            return 0
        if not hasattr(error, "format_message"):
            raise  # a mistake of ours
        tell_misuse(error)
        return 2


def _version(wanted: bool) -> None:
    if wanted:
        import pfs

        out.print(pfs.__version__)
        raise typer.Exit


@app.callback()
def pfs_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Take what comes before the command."""


@app.command("list", cls=LocalCommand, help="list")
def list_papers(
    topic: Annotated[str | None, typer.Option(help="list-topic")] = None,
) -> None:
    """List the papers."""
    from pfs.commands.papers import list_papers

    list_papers(topic)


@app.command(cls=LocalCommand, help="info")
def info(
    paper_id: PaperId,
    bibtex: Annotated[
        bool, typer.Option("--bibtex", help="info-bibtex")
    ] = False,
) -> None:
    """Show a paper."""
    from pfs.commands.papers import show_paper

    show_paper(paper_id, bibtex)


@app.command(cls=LocalCommand, help="path")
def path(paper_id: PaperId) -> None:
    """Show what to read before a paper."""
    from pfs.commands.papers import show_path

    show_path(paper_id)


@app.command(cls=LocalCommand, help="explain")
def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="explain-code")
    ] = None,
) -> None:
    """Explain an error."""
    from pfs import explain
    from pfs.commands.terminal import columns, pick

    known = explain.load()
    if code is None:
        columns((id, one.title[language()]) for id, one in known.items())
        return
    chosen = pick("CODE", code.upper(), known)
    out.print(explain.explain(chosen, language()), soft_wrap=False)


@data_app.command("list", cls=LocalCommand, help="data-list")
def data_list() -> None:
    """List the data sets."""
    from pfs.commands.data import list_data

    list_data()


@data_app.command("card", cls=LocalCommand, help="data-card")
def data_card(
    name: Annotated[str, typer.Argument(metavar="NAME", help="data-name")],
) -> None:
    """Show a data set."""
    from pfs.commands.data import show_card

    show_card(name)


@data_app.command("get", cls=LocalCommand, help="data-get")
def data_get(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="data-name")
    ],
) -> None:
    """Get data sets."""
    from pfs.commands.data import get_data

    get_data(names)


@data_app.command("check", cls=LocalCommand, help="data-check")
def data_check(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help="data-names"),
    ] = None,
) -> None:
    """Check data sets."""
    from pfs.commands.data import check_data

    _leave(check_data(names or []))


@app.command(cls=LocalCommand, help="doctor")
def doctor(
    as_json: Annotated[
        bool, typer.Option("--json", help="doctor-json")
    ] = False,
) -> None:
    """Look at this machine."""
    from pfs.commands.doctor import doctor

    _leave(doctor(as_json))


@app.command(cls=LocalCommand, help="train")
def train(
    recipe: Annotated[
        str | None, typer.Argument(metavar="RECIPE", help="train-recipe")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="train-set"),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="train-out")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="DIR", help="train-resume")
    ] = None,
    override: Annotated[
        bool, typer.Option("--override", help="train-override")
    ] = False,
    processes: Annotated[
        int, typer.Option(metavar="N", help="train-processes")
    ] = 1,
    show: Annotated[bool, typer.Option("--show", help="train-show")] = False,
) -> None:
    """Train a model."""
    from pfs.commands import train as command
    from pfs.commands.terminal import columns

    if recipe is None:
        columns((n, say(f"recipe.{n}")) for n in command.recipes())
    elif show:
        shown = command.show(recipe)
        columns((f"{k}={v}", say(f"setting.{k}")) for k, v, _ in shown)
    else:
        wanted = settings or []
        _leave(command.run(recipe, wanted, folder, resume, override, processes))


@app.command(cls=LocalCommand, help="evaluate")
def evaluate(model: Folder = None) -> None:
    """Judge a trained model."""
    from pfs.commands import train as command

    _leave(command.evaluate(model))


@app.command(cls=LocalCommand, help="sample")
def sample(
    model: Folder = None,
    prompt: Annotated[
        str | None, typer.Option(metavar="TEXT", help="sample-prompt")
    ] = None,
    length: Annotated[
        int, typer.Option(metavar="N", help="sample-length")
    ] = 400,
    temperature: Annotated[
        float, typer.Option(metavar="T", help="sample-temperature")
    ] = 0.8,
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="sample-seed")
    ] = None,
) -> None:
    """Let a model write."""
    from pfs.commands.speak import speak

    out.print(speak(model, prompt, length, temperature, seed))


@app.command(cls=LocalCommand, help="answer")
def answer(
    question: Annotated[
        str, typer.Option(metavar="TEXT", help="answer-question")
    ],
    paragraph: Annotated[
        str, typer.Option(metavar="FILE", help="answer-paragraph")
    ],
    model: Folder = None,
    count: Annotated[int, typer.Option(metavar="N", help="answer-count")] = 5,
    empty: Annotated[
        bool, typer.Option("--empty", help="answer-empty")
    ] = False,
) -> None:
    """Ask a model about a text."""
    from pfs.commands.answer import answer

    answer(model, question, paragraph, count, empty)


def _leave(code: int) -> None:
    if code:
        raise typer.Exit(code)
