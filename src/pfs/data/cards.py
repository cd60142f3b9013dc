"""What is known of a data set before it is read: a card for each.

Reads `cards.toml` and refuses what does not hold together.
Nothing here imports torch.
"""

import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from pfs.data.described import KINDS, Card, File
from pfs.errors import PfsValueError
from pfs.registry import known_keys, read_table, refuse

__all__ = ["KINDS", "Card", "File", "card", "load", "names", "parse"]

HERE = Path(__file__).parent
PAGES = {"en", "ko", "zh"}
REQUIRED = {
    "title": str,
    "kind": str,
    "description": dict,
    "licence": str,
    "citation": str,
    "loader": str,
    "counts": dict,
}
OPTIONAL = {"languages": list, "home": str, "files": list, "part_of": str}
FILE_REQUIRED = {"path": str, "sha256": str, "bytes": int}
FILE_OPTIONAL = {
    "raw_sha256": str,
    "raw_bytes": int,
    "urls": list,
    "raw_urls": list,
}
FORMS = {
    "kind": "|".join(KINDS),
    "home": r"https?://\S+",
    "loader": r"pfs\.data\.[a-z0-9_.]+:[a-z0-9_]+",
}
FILE_FORMS = {
    "path": r"(?!/)(?!.*\.\.)[\w./-]+",
    "sha256": "[0-9a-f]{64}",
    "raw_sha256": "[0-9a-f]{64}",
}


def parse(text: str, path: Path) -> dict[str, Card]:
    """Turn the text of `cards.toml` into cards, after a look at each.

    Args:
        text: The file's content.
        path: Its name, for messages.

    Returns:
        The cards by name.

    Raises:
        ValueError: K01, with file, line, expected and got.

    Source:
        This project.

    Differs:
        nothing
    """
    tables = read_table(text, path)
    names = list(tables)
    for before, name in pairwise(names):
        if name < before:
            part = f"[{name}]"
            refuse(path, text, part, "names in alphabetical order", name)
    cards = {}
    for name, table in tables.items():
        part = f"[{name}]"
        known_keys(table, REQUIRED, OPTIONAL, path, text, name)
        _fits(table, FORMS, path, text, part)
        if set(table["description"]) != PAGES:
            got = sorted(table["description"])
            refuse(path, text, part, f"description in {sorted(PAGES)}", got)
        counts = table["counts"]
        if not all(type(n) is int and n > 0 for n in counts.values()):
            refuse(path, text, part, "counts above 0", counts)
        files = table.get("files", [])
        if files and table["kind"] in ("bundled", "generated"):
            refuse(path, text, part, f"no files: it is {table['kind']}", files)
        if not files and table["kind"] not in ("bundled", "generated"):
            refuse(path, text, part, "files, or kind bundled", table["kind"])
        values: dict[str, Any] = dict(table)
        values["files"] = tuple(_file(f, path, text, name) for f in files)
        values["languages"] = tuple(table.get("languages", ()))
        cards[name] = Card(name=name, **values)
    for one in cards.values():
        if one.part_of and one.part_of not in cards:
            part = f"[{one.name}]"
            refuse(path, text, part, "part_of a data set", one.part_of)
    return cards


def _file(table: Mapping[str, Any], path: Path, text: str, name: str) -> File:
    known_keys(table, FILE_REQUIRED, FILE_OPTIONAL, path, text, name)
    part = table["path"]
    _fits(table, FILE_FORMS, path, text, part)
    addresses = [*table.get("urls", ()), *table.get("raw_urls", ())]
    for url in addresses:
        if not re.fullmatch(r"https://\S+", str(url)):
            refuse(path, text, part, "an address with https://", url)
    if "raw_urls" in table and "raw_sha256" not in table:
        refuse(path, text, part, "raw_sha256, for raw_urls", "none")
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in table.items()
    }
    return File(**values)


def _fits(
    table: Mapping[str, Any],
    forms: Mapping[str, str],
    path: Path,
    text: str,
    part: str,
) -> None:
    for key, form in forms.items():
        value = table.get(key)
        if value is not None and not re.fullmatch(form, value):
            refuse(path, text, part, f"{key} like {form}", value)


@cache
def load() -> dict[str, Card]:
    """Return all cards by name.

    Examples:
        >>> load()["mnist"].counts["train"]
        60000

    Source:
        `cards.toml`

    Differs:
        nothing
    """
    path = HERE / "cards.toml"
    return parse(path.read_text("utf-8"), path)


def card(name: str) -> Card:
    """Return the card of a data set.

    Args:
        name: What `names` lists.

    Returns:
        The card.

    Raises:
        ValueError: A01 if no data set has this name.

    Examples:
        >>> card("time-machine").language
        'en'
        >>> card("moon")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsValueError: A01: an argument is out of range
          where:    pfs.data, name
          ...

    Source:
        `cards.toml`

    Differs:
        nothing
    """
    known = load()
    if name not in known:
        raise PfsValueError(
            "A01",
            where="pfs.data, name",
            expected=" or ".join(map(repr, known)),
            got=repr(name),
            todo="choose one of these names",
        )
    return known[name]


def names(kind: str | None = None) -> tuple[str, ...]:
    """Return the names of the data sets.

    Args:
        kind: One of `KINDS`, or `None` for all.

    Returns:
        The names, sorted.

    Raises:
        ValueError: A01 if there is no such kind.

    Examples:
        >>> names("dialogue")
        ('ko-chatbot',)

    Source:
        `cards.toml`

    Differs:
        nothing
    """
    if kind is not None and kind not in KINDS:
        raise PfsValueError(
            "A01",
            where="pfs.data.names, kind",
            expected=" or ".join(map(repr, KINDS)),
            got=repr(kind),
            todo="choose one of these",
        )
    return tuple(n for n, c in load().items() if kind in (None, c.kind))
