"""The numbers that pages and tests quote, each with where it comes from.

Reads `ledger.toml` and refuses what does not hold together. Nothing here
imports torch.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pfs import papers
from pfs.registry import Kinds, known_keys, read_table, refuse

HERE = Path(__file__).parent
REQUIRED: Kinds = {
    "value": (int, float),
    "unit": str,
    "paper": str,
    "where": str,
}
CHECKS = ("formula", "test", "read")
OPTIONAL: Kinds = {
    "tolerance": (float, int),
    "erratum": dict,
    **dict.fromkeys(CHECKS, str),
}
OPERATORS: dict[type, Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}
FUNCTIONS = {"ln": math.log, "sqrt": math.sqrt, "exp": math.exp}


@dataclass(frozen=True)
class Entry:
    """One number.

    Source:
        `ledger.toml`

    Differs:
        nothing
    """

    id: str
    value: int | float
    unit: str
    paper: str
    where: str
    formula: str = ""
    test: str = ""
    read: str = ""
    tolerance: float = 0.0
    erratum: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def status(self) -> str:
        """`derived` if it is computed again, `verified` if it was read."""
        return "verified" if self.read else "derived"


def parse(text: str, path: Path) -> dict[str, Entry]:
    """Turn the text of `ledger.toml` into entries, after a look at each.

    Args:
        text: The file's content.
        path: Its name, for messages.

    Returns:
        The entries by id.

    Raises:
        ValueError: K01, with file, line, expected and got.

    Source:
        This project.

    Differs:
        nothing
    """
    entries = {}
    for name, table in read_table(text, path).items():
        known_keys(table, REQUIRED, OPTIONAL, path, text, name)
        where = f"[{name}]"
        given = [key for key in CHECKS if key in table]
        if len(given) != 1:
            refuse(path, text, where, f"one of {CHECKS}", given)
        if table["paper"] not in papers.load():
            refuse(path, text, where, "an id of papers.toml", table["paper"])
        erratum = table.get("erratum")
        if erratum is not None and set(erratum) != set(papers.LANGUAGES):
            got = sorted(erratum)
            refuse(path, text, where, "an erratum in en, ko and zh", got)
        entries[name] = Entry(id=name, **table)
    for entry in entries.values():
        if entry.formula:
            _check(entry, entries, path, text)
    return entries


def _check(
    entry: Entry, entries: dict[str, Entry], path: Path, text: str
) -> None:
    where = f"[{entry.id}]"
    try:
        value = compute(entry.formula, entries)
    except (ValueError, SyntaxError) as error:
        refuse(path, text, where, "a formula that can be computed", error)
    if abs(value - entry.value) > entry.tolerance * abs(entry.value):
        refuse(path, text, where, f"{entry.formula} = {value}", entry.value)


def compute(formula: str, entries: Mapping[str, Entry]) -> int | float:
    """Compute a formula of the ledger.

    Args:
        formula: Numbers, `+ - * / **`, `ln`, `sqrt`, `exp`, and ids of other
            entries with `_` in place of `-`.
        entries: The ledger.

    Returns:
        Its value.

    Raises:
        ValueError: If it holds anything else.
        SyntaxError: If it is not a formula.

    Examples:
        >>> compute("256 * (28 + 256 + 1)", {})
        72960

    Source:
        This project.

    Differs:
        nothing
    """
    names = {key.replace("-", "_"): e.value for key, e in entries.items()}

    def value(node: ast.AST) -> int | float:
        match node:
            case ast.Expression(body=body):
                return value(body)
            case ast.Constant(value=int() | float() as number):
                return number
            case ast.Name(id=name) if name in names:
                return names[name]
            case ast.UnaryOp(op=op, operand=a) if type(op) in OPERATORS:
                negative: int | float = OPERATORS[type(op)](value(a))
                return negative
            case ast.BinOp(left=a, op=op, right=b) if type(op) in OPERATORS:
                result: int | float = OPERATORS[type(op)](value(a), value(b))
                return result
            case ast.Call(func=ast.Name(id=name), args=[a]) if (
                name in FUNCTIONS
            ):
                return FUNCTIONS[name](value(a))
        raise ValueError(f"{ast.unparse(node)!r} is not allowed in a formula")

    return value(ast.parse(formula, mode="eval"))


@cache
def load() -> dict[str, Entry]:
    """Return all numbers by id.

    Examples:
        >>> load()["rnn-parameters-28-256"].status
        'derived'

    Source:
        `ledger.toml`

    Differs:
        nothing
    """
    path = HERE / "ledger.toml"
    return parse(path.read_text("utf-8"), path)


def value(name: str) -> int | float:
    """Return one number.

    Args:
        name: Its id.

    Returns:
        The number.

    Raises:
        KeyError: If the ledger has no such id.

    Examples:
        >>> value("rnn-parameters-28-256")
        72960

    Source:
        `ledger.toml`

    Differs:
        nothing
    """
    return load()[name].value


def show(name: str) -> str:
    """Return one number as a page prints it.

    Args:
        name: Its id.

    Returns:
        The digits, thousands apart.

    Raises:
        KeyError: If the ledger has no such id.

    Examples:
        >>> show("rnn-parameters-28-256")
        '72,960'

    Source:
        `ledger.toml`

    Differs:
        nothing
    """
    number = value(name)
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"
