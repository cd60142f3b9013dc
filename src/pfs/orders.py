"""Reading orders, and the weekly plan of a study group.

Reads `orders.toml` and refuses what does not hold together. Nothing here
imports torch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pfs.papers import LANGUAGES, Paper, load
from pfs.registry import known_keys, read_table, refuse

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Order:
    """A reading order, or a week of the plan, with its name in each language.

    Source:
        `orders.toml`

    Differs:
        nothing
    """

    id: str
    name: Mapping[str, str] = field(hash=False)
    papers: tuple[str, ...] = ()


def parse(
    text: str, path: Path, papers: dict[str, Paper]
) -> tuple[dict[str, Order], tuple[Order, ...]]:
    """Turn the text of `orders.toml` into reading orders and weeks.

    Raises:
        ValueError: K01 if a name or a paper is missing, or a paper stands
            before one that it needs.

    Source:
        This project.

    Differs:
        nothing
    """
    tables = read_table(text, path)
    orders = {k: _order(k, v, path, text) for k, v in tables["orders"].items()}
    weeks = tuple(
        _order(f"week-{i}", week, path, text)
        for i, week in enumerate(tables["plan"], 1)
    )
    for order in [*orders.values(), *weeks]:
        for name in order.papers:
            if name not in papers:
                refuse(path, text, name, "papers of papers.toml", name)
    for order in orders.values():
        for i, name in enumerate(order.papers):
            late = set(papers[name].needs) & set(order.papers[i:])
            if late:
                refuse(path, text, f"orders.{order.id}", f"{late} first", name)
    return orders, weeks


def _order(name: str, table: dict[str, Any], path: Path, text: str) -> Order:
    fields = dict.fromkeys(LANGUAGES, str) | {"papers": list}
    known_keys(table, fields, {}, path, text, name)
    words = {code: table[code] for code in LANGUAGES}
    return Order(name, words, tuple(table["papers"]))


@cache
def _orders() -> tuple[dict[str, Order], tuple[Order, ...]]:
    path = HERE / "orders.toml"
    return parse(path.read_text("utf-8"), path, load())


def orders() -> dict[str, Order]:
    """Return the reading orders by id.

    Examples:
        >>> orders()["nlp"].papers[:3]
        ('sequence', 'rnn', 'lstm')

    Source:
        `orders.toml`

    Differs:
        nothing
    """
    return _orders()[0]


def plan() -> tuple[Order, ...]:
    """Return the weeks of the study group's plan.

    Examples:
        >>> plan()[0].papers
        ('mlp', 'cnn', 'rnn')

    Source:
        `orders.toml`

    Differs:
        nothing
    """
    return _orders()[1]
