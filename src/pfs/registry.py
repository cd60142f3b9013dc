"""Reading the registry's files: what is wrong, in which line, what to do."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from pfs.errors import PfsValueError

Kinds = Mapping[str, type | tuple[type, ...]]
"""The type of every key of a table."""

MAY_BE_EMPTY = ("needs", "forbidden_ko", "forbidden_zh")


def line_of(text: str, part: str) -> int:
    """Return the line on which a part stands, 1 if it stands nowhere."""
    place = text.find(part)
    return text.count("\n", 0, place) + 1 if place >= 0 else 1


def refuse(
    path: Path, text: str, part: str, expected: object, got: object
) -> NoReturn:
    """Raise K01 for a part of a file."""
    raise PfsValueError(
        "K01",
        where=f"{path.name}, line {line_of(text, part)}, {part}",
        expected=str(expected),
        got=str(got),
        todo="repair this entry; the comment at the top of the file says how",
    )


def read_table(text: str, path: Path) -> dict[str, Any]:
    """Return the file's tables; K01 names the line of a syntax error."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PfsValueError(
            "K01",
            where=path.name,
            expected="TOML",
            got=str(error),
            todo="look at that line: quotes, brackets, a key given twice",
        ) from None


def known_keys(
    table: Mapping[str, Any],
    required: Kinds,
    optional: Kinds,
    path: Path,
    text: str,
    name: str,
) -> None:
    """Refuse keys that are missing, unknown or of a wrong type."""
    where = f"[{name}]"
    missing = sorted(set(required) - set(table))
    if missing:
        refuse(path, text, where, f"the keys {missing}", sorted(table))
    unknown = sorted(set(table) - set(required) - set(optional))
    if unknown:
        known = sorted({*required, *optional})
        refuse(path, text, where, f"only the keys {known}", unknown)
    for key, value in table.items():
        kind = {**required, **optional}[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            names = kind if isinstance(kind, tuple) else (kind,)
            wanted = " or ".join(k.__name__ for k in names)
            refuse(path, text, where, f"{key} of type {wanted}", repr(value))
        if value in ("", []) and key not in MAY_BE_EMPTY:
            refuse(path, text, where, f"{key} with content", repr(value))
