"""The command line: `pfs --help` lists what it can do.

Nothing heavy is imported before a command needs it, so `pfs list` is quick.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pfs import papers
from pfs.commands.terminal import out, pick, plainly
from pfs.recipes.char_rnn_config import CHAR_RNN

app = typer.Typer(
    help="Papers From Scratch: find a paper, train a model, let it speak.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
train_app = typer.Typer(
    help="Train a model: `pfs train char-rnn --help`.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(train_app, name="train")

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


@train_app.callback()
def train_command() -> None:
    """Train a model: `pfs train char-rnn --help`."""


@train_app.command("char-rnn")
@plainly
def train_char_rnn(
    text: Annotated[
        Path | None, typer.Option(help="A text file of yours, in UTF-8.")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(help="time-machine, ingan-munje or hulanhe-zhuan."),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(help="The story that comes along: en, ko or zh."),
    ] = None,
    letters: Annotated[
        bool,
        typer.Option("--letters", help="Keep lower-case letters and spaces."),
    ] = False,
    embedding: Annotated[
        int, typer.Option(help="Size of a symbol's vector; 0: one-hot.")
    ] = CHAR_RNN.embedding_size,
    hidden: Annotated[
        int, typer.Option(help="Units a layer.")
    ] = CHAR_RNN.hidden_size,
    layers: Annotated[int, typer.Option(help="Layers.")] = CHAR_RNN.num_layers,
    dropout: Annotated[
        float, typer.Option(help="Share that is dropped.")
    ] = CHAR_RNN.dropout,
    steps: Annotated[
        int | None,
        typer.Option(help=f"Windows to train on [{CHAR_RNN.steps}]."),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(help="Or: how often to read the text.")
    ] = None,
    batch_size: Annotated[
        int, typer.Option(help="Strips of the text side by side.")
    ] = CHAR_RNN.batch_size,
    window: Annotated[
        int, typer.Option(help="Steps before the gradient is cut.")
    ] = CHAR_RNN.window,
    lr: Annotated[
        float, typer.Option(help="Learning rate; it falls to 0.")
    ] = CHAR_RNN.lr,
    clip: Annotated[
        float, typer.Option(help="Longest gradient.")
    ] = CHAR_RNN.clip,
    seed: Annotated[
        int, typer.Option(help="Of all randomness.")
    ] = CHAR_RNN.seed,
    save_to: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the model and its result."),
    ] = None,
) -> None:
    """Train a recurrent network on a text, character by character.

    Without --text and --data it reads the short story that comes along.
    It ends in a folder: the model, and what was measured.
    """
    from pfs.commands import char_rnn as run
    from pfs.commands.corpus import choose_corpus

    config = replace(
        CHAR_RNN,
        embedding_size=embedding,
        hidden_size=hidden,
        num_layers=layers,
        dropout=dropout,
        batch_size=batch_size,
        window=window,
        lr=lr,
        clip=clip,
        seed=seed,
    )
    corpus = choose_corpus(text, data, lang, letters)
    config = run.with_length(config, corpus, steps, epochs)
    code = run.train_and_save(
        corpus, config, run.choose_folder(save_to, corpus)
    )
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
    from pfs.commands import char_rnn as run
    from pfs.training.saved import last_saved

    folder = model or last_saved(Path("runs"))
    out.print(run.speak(folder, prompt, length, temperature, seed))


def _print_papers(some: Iterable[papers.Paper]) -> None:
    for paper in some:
        planned = "" if paper.written else "  (planned)"
        out.print(f"  {paper.id:18} {paper.year}  {paper.title}{planned}")
