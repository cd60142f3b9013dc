"""The words of the project in English, Korean and Chinese.

Reads `terms.toml` and refuses what does not hold together. Nothing here
imports torch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pfs.papers import LANGUAGES
from pfs.registry import Kinds, known_keys, read_table, refuse

HERE = Path(__file__).parent
REQUIRED: Kinds = {**dict.fromkeys(LANGUAGES, str)}
REQUIRED_LISTS = ("forbidden_ko", "forbidden_zh")
OPTIONAL: Kinds = {"also": list, "definition": dict}


@dataclass(frozen=True)
class Term:
    """One term.

    Source:
        `terms.toml`

    Differs:
        nothing
    """

    id: str
    en: str
    ko: str
    zh: str
    forbidden_ko: tuple[str, ...]
    forbidden_zh: tuple[str, ...]
    also: tuple[str, ...] = ()
    definition: Mapping[str, str] = field(default_factory=dict, hash=False)


def parse(text: str, path: Path) -> dict[str, Term]:
    """Turn the text of `terms.toml` into terms, after a look at each.

    Args:
        text: The file's content.
        path: Its name, for messages.

    Returns:
        The terms by id.

    Raises:
        ValueError: K01, with file, line, expected and got. A forbidden form
            that is part of a right form is refused as well: it would forbid
            the right one.

    Source:
        This project.

    Differs:
        nothing
    """
    tables = read_table(text, path)
    terms = {}
    required = {**REQUIRED, **dict.fromkeys(REQUIRED_LISTS, list)}
    for name, table in tables.items():
        known_keys(table, required, OPTIONAL, path, text, name)
        definition = table.get("definition", {})
        if definition and set(definition) != set(LANGUAGES):
            given = sorted(definition)
            refuse(path, text, f"[{name}]", "a definition in en, ko, zh", given)
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in table.items()
        }
        terms[name] = Term(id=name, **values)
    if list(terms) != sorted(terms):
        refuse(path, text, "[", "ids in alphabetical order", "another order")
    for language in LANGUAGES:
        seen: dict[str, str] = {}
        for term in terms.values():
            form = getattr(term, language)
            other = seen.setdefault(form, term.id)
            if other != term.id:
                got = f"{form!r} for {other} and {term.id}"
                refuse(path, text, f"[{term.id}]", f"one {language} form", got)
    for language in ("ko", "zh"):
        right = {getattr(term, language) for term in terms.values()}
        for term in terms.values():
            for bad in getattr(term, f"forbidden_{language}"):
                hit = next((r for r in right if bad in r), None)
                if hit is not None:
                    got = f"{bad!r}, which is part of {hit!r}"
                    where = f"[{term.id}]"
                    refuse(path, text, where, "a form that is never right", got)
    return terms


@cache
def load() -> dict[str, Term]:
    """Return all terms by id.

    Examples:
        >>> load()["hidden-state"].ko
        '은닉 상태'

    Source:
        `terms.toml`

    Differs:
        nothing
    """
    path = HERE / "terms.toml"
    return parse(path.read_text("utf-8"), path)
