"""Homework notebooks: the same exercises in each language."""

import json
import re
from pathlib import Path
from typing import Any

from website.lint.language import language_of
from website.problems import Problem
from website.sections import facts

SAME = (
    "inline formulas",
    "display formulas",
    "links",
    "API links",
    "addresses",
)
ID = re.compile(r"^#+ .*\{ #([\w-]+) \}$", re.M)


def cells(path: Path) -> list[Any]:
    """Return the cells of a notebook."""
    return list(json.loads(path.read_text("utf-8"))["cells"])


def compared(english: Path, path: Path, language: str) -> list[Problem]:
    """Compare a homework notebook with its English twin."""
    if not path.is_file():
        return [Problem(path, 1, f"missing: the twin of {english.name}")]
    theirs, ours = cells(english), cells(path)
    kinds = [[c["cell_type"] for c in some] for some in (theirs, ours)]
    if kinds[0] != kinds[1]:
        message = f"{len(kinds[1])} cells, English has {len(kinds[0])}"
        if len(kinds[0]) == len(kinds[1]):
            message = "text and code take turns in another way than English"
        return [Problem(path, 1, message)]
    found = []
    for number, (a, b) in enumerate(zip(theirs, ours, strict=True), 1):
        one, two = "".join(a["source"]), "".join(b["source"])
        is_code = a["cell_type"] == "code"
        messages = _code(one, two, language) if is_code else _text(one, two)
        if not is_code:
            messages += [
                p.message for p in language_of(path, two + "\n", language)
            ]
        found += [Problem(path, 1, f"cell {number}: {m}") for m in messages]
    return found


def _code(one: str, two: str, language: str) -> list[str]:
    one = one.replace('hw.language("en")', f'hw.language("{language}")')
    return ["code differs from English"] if one != two else []


def _text(one: str, two: str) -> list[str]:
    if ID.findall(one) != ID.findall(two):
        return ["other ids than English"]
    a, b = facts(one + "\n"), facts(two + "\n")
    return [
        f"{what} differ from English" for what in SAME if a[what] != b[what]
    ]
