"""Translations in step with English: sections, code, formulas, numbers."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from website import DOCS, LANGUAGES, ROOT, docs_of
from website.problems import Problem
from website.prose import words
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

# "65 million" is 6500만; 270 million is 2억 7천만, or 2.7亿.
TIMES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
MYRIAD = {"만": 10**4, "万": 10**4, "억": 10**8, "亿": 10**8}
PLAIN = r"\d[\d,]*(?:\.\d+)?"
PART = rf"({PLAIN})([천千])?([만万억亿])"
LARGE = re.compile(rf"{PART}(?: ?{PART})?")

# Letters of a section over letters of the English one: all that were measured
# lie between 0.38 and 0.59 (ko), 0.28 and 0.47 (zh).
SHORT = {"ko": 0.3, "zh": 0.21}
WORTH_COUNTING = 150
COUNTED = ("cells", "list items", "table rows", "quotes", "paragraphs")


def translation(english: Path, path: Path, language: str) -> list[Problem]:
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
    for a, b in zip(theirs, ours, strict=True):
        share = _letters(b) / max(_letters(a), 1)
        long = _letters(a) >= WORTH_COUNTING and a.id != "references"
        if long and share < SHORT[language]:
            message = f"#{b.id}: {share:.0%} of the letters of English"
            found.append(Problem(path, b.line, f"{message}: what is missing?"))
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


def _letters(section: Section) -> int:
    return sum(len(re.findall(r"\w", w.text)) for w in words(section.text))


def _name(section: Section | None) -> str:
    return f"{'#' * section.level} #{section.id}" if section else "nothing"


def _different(a: Section, b: Section) -> Iterator[str]:
    """Say which facts of a section differ from those of English."""
    for what, want in a.facts.items():
        have = b.facts[what]
        if want == have:
            continue
        missing = [*(Counter(want) - Counter(have)).elements()]
        extra = [*(Counter(have) - Counter(want)).elements()]
        if what == "numbers":
            extra = [x for x in extra if not _spelled(x, a.text)]
            large = [*map(_value, LARGE.finditer(b.text))]
            missing = [x for x in missing if not _among(x, a.text, large)]
            if not missing and not extra:
                continue
        if what in COUNTED:
            details = f"{have[0]} instead of {want[0]}"
        elif missing or extra:
            parts = [
                f"{word} {', '.join(map(repr, some[:3]))}"
                for word, some in (("missing", missing), ("extra", extra))
                if some
            ]
            details = ", ".join(parts)
        else:
            details = "in another order"
        yield f"#{b.id}: {what} differ from English: {details}"

    if a.id == "references" and _works(a) != _works(b):
        odd = [w for w in _works(b) if w not in _works(a)] or ["their order"]
        yield f"#{b.id}: works differ from English: {odd[0]!r}"


def _spelled(number: str, english: str) -> bool:
    return bool(re.search(SPELLED.get(number, "(?!)"), english))


def _value(large: re.Match[str]) -> int:
    """Return the value of a number in units of ten thousand."""
    return sum(
        round(_plain(number) * (1000 if thousand else 1) * MYRIAD[unit])
        for number, thousand, unit in (large.groups()[:3], large.groups()[3:])
        if number
    )


def _plain(number: str) -> float:
    return float(number.replace(",", ""))


def _among(number: str, english: str, large: list[int]) -> bool:
    """Tell whether a translation writes a number in ten thousands."""
    if not re.fullmatch(PLAIN, number):  # a version, say
        return False
    times = re.findall(
        rf"(?<![\d.,]){re.escape(number)}\s+({'|'.join(TIMES)})", english
    )
    values = {_plain(number) * TIMES[word] for word in times}
    return any(round(v) in large for v in values or {_plain(number)})


def _works(section: Section) -> list[str]:
    """Return the works that a page names: the same in each language."""
    items = re.findall(r"^- .*(?:\n  .*)*", section.text, re.M)
    return [" ".join(item.split()) for item in items]


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
