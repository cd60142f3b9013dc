"""`pfs data`: list data sets, show a card, get files, check them."""

from collections.abc import Sequence
from typing import Final

from pfs.commands.terminal import columns, download_bar, out, pick
from pfs.commands.words import language, say
from pfs.data.cards import Card, card, names

STATES: Final = {"right": "fine", "missing": "absent", "damaged": "damaged"}
"""The words for what was found of a file."""


def list_data() -> None:
    """Print every data set: name, kind, size, what it is.

    Examples:
        >>> list_data()
        bert-chinese-vocab...

    Source:
        This project.

    Differs:
        nothing
    """
    cards = [card(name) for name in names()]
    columns(
        (c.name, c.kind, _size(c), c.description[language()]) for c in cards
    )


def show_card(name: str) -> None:
    """Print what is known of a data set.

    Args:
        name: The data set.

    Raises:
        ValueError: A01 if there is none of this name.

    Examples:
        >>> show_card("story")
        story...

    Source:
        This project.

    Differs:
        nothing
    """
    one = card(pick("NAME", name, names()))
    out.print(f"{one.name}: {one.title}")
    out.print(one.description[language()])
    counts = ", ".join(f"{k} {n:,}" for k, n in one.counts.items())
    lines = {
        say("size"): f"{_size(one)}; {counts}",
        say("languages"): ", ".join(one.languages),
        say("licence"): one.licence,
        say("citation"): one.citation,
        say("how-to-load"): f'pfs.data.load("{one.name}")',
    }
    columns((label, value) for label, value in lines.items() if value)
    for file in one.files:
        out.print(f"  {file.path}  sha256 {file.sha256}")


def get_data(wanted: Sequence[str]) -> None:
    """Fetch data sets and print where their files lie.

    Args:
        wanted: Their names.

    Raises:
        ValueError: A01 if there is none of a name.
        OSError: If one cannot be had.

    Examples:
        >>> get_data(["story"])
        story: needs no download

    Source:
        This project.

    Differs:
        nothing
    """
    from pfs.data.datasets import get

    for name in [pick("NAME", name, names()) for name in wanted]:
        with download_bar() as show:
            paths = get(name, show)
        if not paths:
            out.print(f"{name}: {say('no-download')}")
        for path in paths:
            out.print(f"{name}: {path}")


def check_data(wanted: Sequence[str]) -> int:
    """Compare files with their checksums, without fetching anything.

    Args:
        wanted: The names of the data sets; all if empty.

    Returns:
        The exit code: 1 if a file is damaged, else 0.

    Raises:
        ValueError: A01 if there is none of a name.

    Examples:
        >>> check_data(["story"])
        story needs no download
        0

    Source:
        This project.

    Differs:
        nothing
    """
    from pfs.data.datasets import check

    chosen = [pick("NAME", name, names()) for name in wanted] or names()
    rows: list[tuple[str, ...]] = []
    damaged = False
    for name in chosen:
        reports = check(name)
        if not reports and wanted:
            rows.append((name, say("no-download")))
        for report in reports:
            damaged |= report.state == "damaged"
            place = str(report.place or report.file.path)
            rows.append((name, say(STATES[report.state]), place))
    columns(rows)
    return int(damaged)


def _size(one: Card) -> str:
    total = sum(file.bytes for file in one.files)
    if total < 1000:
        return f"{total} B" if total else "-"
    if total < 1_000_000:
        return f"{total / 1000:.1f} KB"
    return f"{total / 1_000_000:.1f} MB"
