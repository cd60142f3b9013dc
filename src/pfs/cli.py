"""The command line: `pfs --help` lists what it can do.

Nothing heavy is imported before a command needs it, so `pfs list` is quick.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from pfs import papers
from pfs.commands.terminal import out, pick, plainly

app = typer.Typer(
    help="Papers From Scratch: find a paper, train a model, let it speak.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
PaperId = Annotated[str, typer.Argument(metavar="ID", help="Such as `rnn`.")]


def _version(wanted: bool) -> None:
    if wanted:
        import pfs

        out.print(pfs.__version__)
        raise typer.Exit


@app.callback()
def pfs_command(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
) -> None:
    """Papers From Scratch: find a paper, train a model, let it speak."""


@app.command("list")
@plainly
def list_papers(
    topic: Annotated[
        str | None, typer.Option(help="Only this topic, such as recurrent.")
    ] = None,
) -> None:
    """List the papers by topic."""
    known = papers.load()
    topics = sorted({paper.topic for paper in known.values()})
    for name in topics if topic is None else [pick("--topic", topic, topics)]:
        out.print(name)
        here = (paper for paper in known.values() if paper.topic == name)
        _print_papers(sorted(here, key=lambda paper: (paper.year, paper.id)))


@app.command()
@plainly
def info(
    paper_id: PaperId,
    bibtex: Annotated[
        bool, typer.Option("--bibtex", help="Only the BibTeX entry.")
    ] = False,
) -> None:
    """Show what is known of a paper."""
    known = papers.load()
    paper = known[pick("ID", paper_id, known)]
    if bibtex:
        out.print(papers.bibtex(paper))
        return
    lines = {
        "title": paper.title,
        "한국어": paper.title_in.get("ko"),
        "中文": paper.title_in.get("zh"),
        "authors": ", ".join(paper.authors),
        "year": str(paper.year),
        "venue": paper.venue,
        "link": paper.link,
        "topic": paper.topic,
        "module": paper.module,
        "needs": ", ".join(paper.needs) or "nothing before it",
        "status": paper.status,
        "note": f"notes/{paper.id}" if paper.written else None,
        "minutes": str(paper.minutes),
        "difficulty": str(paper.difficulty),
    }
    for name, value in lines.items():
        if value:
            # A Korean or Chinese character is two columns wide.
            width = 11 - sum(c > "\u1100" for c in name)
            out.print(f"{name:{width}}{value}")


@app.command()
@plainly
def path(paper_id: PaperId) -> None:
    """List what to read before a paper, in order, and the paper."""
    known = papers.load()
    _print_papers(papers.path_to(pick("ID", paper_id, known)))


@app.command()
@plainly
def train(
    recipe: Annotated[
        str | None, typer.Argument(help="Such as char-rnn.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change a setting."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder of a new run.")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(help="Folder of a run that shall go on.")
    ] = None,
    override: Annotated[
        bool, typer.Option("--override", help="Resume with other settings.")
    ] = False,
    processes: Annotated[
        int, typer.Option(help="How many processes train together.")
    ] = 1,
    show: Annotated[
        bool, typer.Option("--show", help="List the settings and exit.")
    ] = False,
) -> None:
    """Train a model by a recipe; without one, list the recipes."""
    from pfs.commands import train as command

    if recipe is None:
        for name, meaning in command.recipes().items():
            out.print(f"  {name:18} {meaning}")
        return
    if show:
        for key, value, meaning in command.show(recipe):
            out.print(f"  {key}={value}  {meaning}")
        return
    code = command.run(
        recipe, settings or [], folder, resume, override, processes
    )
    if code:
        raise typer.Exit(code)


@app.command()
@plainly
def evaluate(
    model: Annotated[
        Path | None, typer.Argument(metavar="[MODEL_DIR]", help="A run.")
    ] = None,
) -> None:
    """Judge a trained model again."""
    from pfs.commands import train as command

    code = command.evaluate(model)
    if code:
        raise typer.Exit(code)


@app.command()
@plainly
def sample(
    model: Annotated[
        Path | None,
        typer.Argument(
            metavar="[MODEL_DIR]",
            help="A saved model; the last one in runs/ if left out.",
        ),
    ] = None,
    prompt: Annotated[
        str | None, typer.Option(help="What it reads first.")
    ] = None,
    length: Annotated[int, typer.Option(help="Characters to write.")] = 400,
    temperature: Annotated[
        float, typer.Option(help="0: the likeliest; 1: as it believes.")
    ] = 0.8,
    seed: Annotated[
        int | None, typer.Option(help="The same seed, the same text.")
    ] = None,
) -> None:
    """Let a trained model write."""
    from pfs.commands.speak import speak

    out.print(speak(model, prompt, length, temperature, seed))


def _print_papers(some: Iterable[papers.Paper]) -> None:
    for paper in some:
        planned = "" if paper.written else "  (planned)"
        out.print(f"  {paper.id:18} {paper.year}  {paper.title}{planned}")
