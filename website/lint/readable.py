"""Files that cannot even be read: nothing else is looked at before."""

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from website.problems import Problem
from website.sections import FRONT


def unreadable(docs: Path) -> list[Problem]:
    """Return pages that are no text, and notebooks that are none."""
    found = []
    for path in sorted([*docs.rglob("*.md"), *docs.rglob("*.ipynb")]):
        if ".ipynb_checkpoints" in path.parts:
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            found.append(Problem(path, 1, "this is not UTF-8"))
            continue
        check = _front if path.suffix == ".md" else _notebook
        found += [Problem(path, line, message) for line, message in check(text)]
    return sorted(found)


def _front(text: str) -> Iterator[tuple[int, str]]:
    m = FRONT.match(text)
    if not m:
        return
    try:
        front = yaml.safe_load(m[0].removesuffix("---\n"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        yield line, "the front matter is no YAML"
    else:
        if not isinstance(front, dict):
            yield 1, "the front matter has no keys"


def _notebook(text: str) -> Iterator[tuple[int, str]]:
    try:
        book = json.loads(text)
    except json.JSONDecodeError as error:
        yield error.lineno, "this is no notebook: no JSON"
    else:
        if not isinstance(book, dict) or "cells" not in book:
            yield 1, "this is no notebook: no 'cells'"
