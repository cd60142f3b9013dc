"""Translations in step with English: sections, code, formulas, numbers."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from website import DOCS, LANGUAGES, ROOT, docs_of
from website.problems import Problem
from website.sections import FENCE, Section, sections
from website.translations import stale

# English may spell what another language writes in digits.
SPELLED = {
    "10": r"[Tt]en(?:th)?\b",
    "11": "[Ee]leven",
    "12": "[Tt]wel(?:ve|fth)",
    "20": "[Tt]went(?:y|ieth)",
    "30": "[Tt]hirt(?:y|ieth)",
    "50": "[Ff]ift(?:y|ieth)",
    "100": "[Hh]undred",
    "1000": "[Tt]housand",
    "1,000": "[Tt]housand",
}


def translation(english: Path, path: Path) -> list[Problem]:
    """Compare a translation with its English page."""
    source, text = english.read_text("utf-8"), path.read_text("utf-8")
    theirs, ours = sections(source), sections(text)
    for a, b in zip_longest(theirs, ours):
        if (a and (a.level, a.id)) != (b and (b.level, b.id)):
            message = f"English has {_name(a)} here, this page {_name(b)}"
            line = b.line if b else text.count("\n")
            return [Problem(path, line, message)]
    found = [
        Problem(path, b.line, message)
        for a, b in zip(theirs, ours, strict=True)
        for message in _different(a, b)
    ]
    for m in FENCE.finditer(text):
        if m[3].split(" ")[0] == "python" and m[4].strip():
            line = text.count("\n", 0, m.start()) + 1
            message = "cells of a translation stay empty: English lends them"
            found.append(Problem(path, line, message))
    lines = {s.id: s.line for s in ours}
    for name in stale(source, text):
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        message = (
            f"stale section #{name}: compare it with English, then "
            f"nox -s translations -- stamp {shown.as_posix()}"
        )
        found.append(Problem(path, lines[name], message))
    return found


def _name(section: Section | None) -> str:
    return f"{'#' * section.level} #{section.id}" if section else "nothing"


def _different(a: Section, b: Section) -> Iterator[str]:
    """Say which facts of a section differ from those of English."""
    for what, want in a.facts.items():
        have = b.facts[what]
        if want == have:
            continue
        missing = [x for x in want if x not in have]
        extra = [x for x in have if x not in want]
        if what == "numbers":
            extra = [
                x
                for x in extra
                if not re.search(SPELLED.get(x, "(?!)"), a.text)
            ]
            if not missing and not extra:
                continue
        if missing or extra:
            parts = [
                f"{word} {', '.join(map(repr, some[:3]))}"
                for word, some in (("missing", missing), ("extra", extra))
                if some
            ]
            details = ", ".join(parts)
        elif sorted(want) == sorted(have):
            details = "in another order"
        else:
            details = f"{len(have)} instead of {len(want)}"
        yield f"#{b.id}: {what} differ from English: {details}"


def orphans(docs: Path = DOCS) -> list[Problem]:
    """Return the translations of pages that English does not have."""
    found = []
    for language in LANGUAGES:
        if language == "en":
            continue
        folder = docs_of(language, docs)
        for path in sorted([*folder.rglob("*.md"), *folder.rglob("*.ipynb")]):
            name = path.relative_to(folder)
            hidden = any(p.startswith("_") or p[0] == "." for p in name.parts)
            if not hidden and not (docs / name).is_file():
                message = f"there is no English page docs/{name.as_posix()}"
                found.append(Problem(path, 1, message))
    return found
