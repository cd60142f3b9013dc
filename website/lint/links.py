"""Links between pages, and the regions of source files that pages show."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

from pfs import terms
from website import DOCS, api, docs_of
from website.problems import Problem
from website.prose import without_code
from website.sections import CODE, LINK, sections

MADE = (
    "path.md",
    "glossary.md",
    "errata.md",
    "results.md",
    "data.md",
    "errors.md",
)
OUTSIDE = re.compile(r"(?:https?|mailto|figure|data):")
SNIPPET = re.compile(r'--8<-- "([^":]+)(?::([\w-]+))?"')


def broken(path: Path, language: str, root: Path) -> list[Problem]:
    """Return the links of a page that lead nowhere.

    A page that a language lacks is the English one there, so a link may lead
    to it.
    """
    text = path.read_text("utf-8")
    return [
        Problem(path, text.count("\n", 0, place) + 1, message)
        for found in (_lost(path, text, language, root), _shown(text, root))
        for place, message in found
    ]


def _lost(
    path: Path, text: str, language: str, root: Path
) -> Iterator[tuple[int, str]]:
    docs = root / "docs"
    here = path.relative_to(docs_of(language, docs))
    lines = without_code(text).split("\n")
    place = 0
    for raw, line in zip(text.split("\n"), lines, strict=True):
        for m in LINK.finditer(CODE.sub("", line)):
            target, _, anchor = m[1].partition("#")
            if OUTSIDE.match(m[1]):
                continue
            name = _joined(here, target) if target else here.as_posix()
            if name is None:
                yield place, f"{m[1]} leads out of the site"
                continue
            ids = _ids(name, language, docs)
            if ids is None:
                yield place, f"{m[1]} leads nowhere: no docs/{name}"
            elif anchor and ids and anchor not in ids:
                yield place, f"{m[1]} leads nowhere: no #{anchor} in {name}"
        place += len(raw) + 1


def _joined(here: Path, target: str) -> str | None:
    parts = list(PurePosixPath(here.as_posix()).parent.parts)
    for step in target.split("/"):
        if step == ".." and not parts:
            return None
        if step == "..":
            parts.pop()
        elif step not in ("", "."):
            parts.append(step)
    return "/".join(parts)


def _ids(name: str, language: str, docs: Path) -> set[str] | None:
    """Return a page's ids; empty if any will do, None if there is no page."""
    if name == "glossary.md":
        return set(terms.load())
    if name in MADE or name in _api():
        return set()
    for folder in (docs_of(language, docs), docs):
        path = folder / name
        if path.is_file():
            if path.suffix != ".md":
                return set()
            return {s.id for s in sections(path.read_text("utf-8"))} | {""}
    return None


@cache
def _api() -> frozenset[str]:
    return frozenset(api.api_pages()) if DOCS.is_dir() else frozenset()


def _shown(text: str, root: Path) -> Iterator[tuple[int, str]]:
    for m in SNIPPET.finditer(text):
        path = root / m[1]
        if not path.is_file():
            yield m.start(), f"no file {m[1]} to show"
        elif m[2]:
            source = path.read_text("utf-8")
            for edge in ("start", "end"):
                if f"[{edge}:{m[2]}]" not in source:
                    yield m.start(), f"{m[1]} has no [{edge}:{m[2]}]"
