"""Checks of the pages; what they find stops the build.

`python -m website.lint` prints every problem with file and line.
"""

import json
import re
import sys
from pathlib import Path

from pfs import ledger, papers, terms
from website import LANGUAGES, ROOT, docs_of
from website.problems import Problem
from website.sections import (
    FENCE,
    IMAGE,
    NUMBER,
    TERM,
    Section,
    line_in,
    prose_of,
    sections,
)
from website.translations import pairs, stale

ORDER = [
    *("before", "symbols", "idea", "equations", "derivation", "run"),
    *("differs", "mistake", "numbers", "questions", "exercises", "references"),
]
QUESTIONS = 8
HAN, HANGUL = "\u4e00-\u9fff", "\uac00-\ud7a3"
SCRIPT = {"ko": HANGUL, "zh": HAN}
ENGLISH = re.compile(r"(?:\b[a-z]+(?:'[a-z]+)?\b[ ,;]+){6,}")
HALF = re.compile(rf"[{HAN}][,;:?!]|[,;:?!][{HAN}]")
SPACED = re.compile(rf"[{HAN}] +[A-Za-z0-9$`]|[A-Za-z0-9$`] +[{HAN}]")
PLAIN = re.compile(r"(?<![니까시])다\.(?=\s|$)")
POLITE = re.compile(r"(?:니다|니까|시오)[.?!]")


def check(root: Path = ROOT) -> list[Problem]:
    """Return everything that is wrong with the pages.

    Args:
        root: A tree with `docs/`, as this project's.

    Returns:
        Problems, by file and line.
    """
    docs = root / "docs"
    problems: list[Problem] = []
    for language in LANGUAGES:
        folder = docs_of(language, docs)
        for path in sorted(folder.rglob("*.md")):
            name = path.relative_to(folder)
            if any(p.startswith("_") or p in LANGUAGES for p in name.parts):
                continue
            problems += page(path, language)
            if name.parts[0] == "notes":
                problems += note(path)
    for language, english, path in pairs(docs):
        problems += translation(english, path, language)
    for english in sorted((docs / "homework").glob("*.ipynb")):
        paper = papers.load().get(english.stem)
        if paper is None or paper.written:
            for language in ("ko", "zh"):
                path = docs_of(language, docs) / "homework" / english.name
                problems += homework(english, path)
    return sorted(problems)


def page(path: Path, language: str) -> list[Problem]:
    """Check one page by itself: ids, alt texts, numbers, terms, language."""
    text = path.read_text("utf-8")
    found = []
    seen: set[str] = set()
    for section in sections(text):
        if not section.id:
            message = "heading without an id: add { #id }"
            found.append(Problem(path, section.line, message))
        elif section.id in seen:
            message = f"two sections with the id #{section.id}"
            found.append(Problem(path, section.line, message))
        seen.add(section.id)
    bare = FENCE.sub(lambda m: "\n" * m[0].count("\n"), text)
    for m in IMAGE.finditer(bare):
        if not m[1].strip():
            line = bare.count("\n", 0, m.start()) + 1
            found.append(Problem(path, line, f"no alt text for {m[2]}"))
    for pattern, known, file in (
        (NUMBER, ledger.load(), "ledger.toml"),
        (TERM, terms.load(), "terms.toml"),
    ):
        for m in pattern.finditer(bare):
            if m[1] not in known:
                line = bare.count("\n", 0, m.start()) + 1
                message = f"{m[1]!r} is not in {file}"
                found.append(Problem(path, line, message))
    if language != "en":
        found += language_of(path, text, language)
    return found


def note(path: Path) -> list[Problem]:
    """Check the parts of a note and their order."""
    text = path.read_text("utf-8")
    parts = [s for s in sections(text) if s.level == 2]
    names = [s.id for s in parts]
    found = []
    for section in parts:
        if section.id not in ORDER:
            message = f"#{section.id} is not a part of a note: {ORDER}"
            found.append(Problem(path, section.line, message))
    known = [n for n in names if n in ORDER]
    if known != sorted(known, key=ORDER.index):
        message = f"parts out of order: {known}, should follow {ORDER}"
        found.append(Problem(path, parts[0].line, message))
    asked = sum(s.id.startswith("q-") for s in sections(text))
    paper = papers.load().get(path.stem)
    done = paper is None or paper.written
    if done and "questions" in names and asked < QUESTIONS:
        message = f"{asked} questions (ids q-...), at least {QUESTIONS} wanted"
        found.append(Problem(path, line_in(path, "{ #questions }"), message))
    if done:
        missing = {"idea", "equations", "numbers", "references"} - set(names)
        if missing:
            message = f"missing parts: {sorted(missing)}"
            found.append(Problem(path, 1, message))
    return found


def language_of(path: Path, text: str, language: str) -> list[Problem]:
    """Check that a translation is written in its language, in our words."""
    found = []
    body = text.split("{ #references }")[0]
    lines = body.split("\n")
    for term in terms.load().values():
        for form in getattr(term, f"forbidden_{language}"):
            for number, line in enumerate(lines, 1):
                if form in prose_of(line):
                    right = getattr(term, language)
                    message = f"{form!r} is not our word: write {right!r}"
                    found.append(Problem(path, number, message))
    for m in ENGLISH.finditer(prose_of(body)):
        line = line_in(path, m[0].split("\n")[0].strip()[:30])
        found.append(Problem(path, line, f"English left: {m[0].strip()!r}"))
    words = prose_of(body)
    letters = len(re.findall(r"[^\W\d_]", words))
    own = len(re.findall(rf"[{SCRIPT[language]}]", words))
    if letters and own / letters < 0.5:
        share = f"{own / letters:.0%} of the letters are {language}"
        found.append(Problem(path, 1, f"not translated? {share}"))
    blank = FENCE.sub(lambda m: "\n" * m[0].count("\n"), body)
    for number, line in enumerate(blank.split("\n"), 1):
        found += _line(path, number, line, language)
    return found


def _line(path: Path, number: int, line: str, language: str) -> list[Problem]:
    if line.startswith(("---", "  ", "labels:", "source:", "|--")):
        return []
    prose = prose_of(line)
    if language == "zh":
        if HALF.search(prose):
            text = HALF.search(prose)[0]
            return [Problem(path, number, f"half-width mark: {text!r}")]
        plain = re.sub(r"\[\[[\w-]+\]\]|\{\{.*?\}\}", "", line)
        m = (
            None
            if line.startswith(("#", "!", "|", "-", ">"))
            else (SPACED.search(plain))
        )
        if m and not re.match(r"^\d+\. ", line):
            return [Problem(path, number, f"space beside Chinese: {m[0]!r}")]
    elif (
        PLAIN.search(prose)
        and not POLITE.search(prose)
        and not line.startswith((">", "|"))
    ):
        return [Problem(path, number, "not in 합니다체")]
    return []


def translation(english: Path, path: Path, language: str) -> list[Problem]:
    """Compare a translation with its English page."""
    source, text = english.read_text("utf-8"), path.read_text("utf-8")
    theirs, ours = sections(source), sections(text)
    want = [(s.level, s.id) for s in theirs]
    have = [(s.level, s.id) for s in ours]
    if want != have:
        odd = next(
            (b for a, b in zip(want, have, strict=False) if a != b),
            "their number",
        )
        message = f"sections differ from English at {odd}"
        return [Problem(path, 1, message)]
    found = []
    for a, b in zip(theirs, ours, strict=True):
        found += _compare(a, b, path)
    for m in FENCE.finditer(text):
        if m[3].split(" ")[0] == "python" and m[4].strip():
            line = text.count("\n", 0, m.start()) + 1
            message = "cells of a translation stay empty: English lends them"
            found.append(Problem(path, line, message))
    for name in stale(source, text):
        line = next((s.line for s in ours if s.id == name), 1)
        message = (
            f"#{name} is stale: compare with English, then "
            f"nox -s translations -- stamp {path.name}"
        )
        found.append(Problem(path, line, message))
    return found


def _compare(a: Section, b: Section, path: Path) -> list[Problem]:
    found = []
    for what, want in a.facts.items():
        have = b.facts[what]
        if want != have:
            missing = [x for x in want if x not in have]
            extra = [x for x in have if x not in want]
            details = f"missing {missing[:3]}, extra {extra[:3]}"
            if not missing and not extra:
                details = f"English {want[:4]}, here {have[:4]}"
            message = f"#{b.id}: {what} differ from English: {details}"
            found.append(Problem(path, b.line, message))
    return found


def homework(english: Path, path: Path) -> list[Problem]:
    """Compare a homework notebook with its English twin."""
    if not path.is_file():
        return [Problem(path, 1, f"missing: the twin of {english.name}")]
    a, b = (json.loads(p.read_text("utf-8"))["cells"] for p in (english, path))
    if [c["cell_type"] for c in a] != [c["cell_type"] for c in b]:
        return [Problem(path, 1, "other cells than the English notebook")]
    found = []
    for number, (x, y) in enumerate(zip(a, b, strict=True), 1):
        one, two = "".join(x["source"]), "".join(y["source"])
        if x["cell_type"] == "code":
            if one != two:
                message = f"cell {number}: code differs from English"
                found.append(Problem(path, 1, message))
            continue
        ids = re.findall(r"\{ #([\w-]+) \}", one)
        if ids != re.findall(r"\{ #([\w-]+) \}", two):
            message = f"cell {number}: other ids than English"
            found.append(Problem(path, 1, message))
    return found


def main() -> int:
    """Print what is wrong."""
    problems = check()
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "Pages are in order.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
