"""One page by itself: its ids, parts, numbers, terms and figures."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pfs import ledger, papers, terms
from website.lint.language import language_of
from website.problems import Problem
from website.prose import without_code
from website.sections import (
    ALT,
    DISPLAY,
    FENCE,
    FRONT,
    IMAGE,
    NUMBER,
    TERM,
    Section,
    sections,
)

ORDER = [
    *("before", "symbols", "idea", "equations", "derivation", "run"),
    *("differs", "mistake", "numbers", "questions", "exercises", "references"),
]
WHERE_NEEDED = {"derivation"}  # every paper has the other parts
QUESTIONS = 8
BOXES = {"differs"}
DRAWS = re.compile(r"\bplt\.|\.(?:plot|imshow|scatter|bar|matshow)\(")
TAG = re.compile(r"\\tag\{([^}]+)\}")
BOX = re.compile(r"^(?:!!!|\?\?\?\+?) (\w+)", re.M)
UNDERLINED = re.compile(r"^[^\s|>#-].*\n(?:=+|-+) *$", re.M)
ATTACHED = re.compile(r"^#{1,6}[^#\s]", re.M)


def page(path: Path, language: str) -> list[Problem]:
    """Check one page by itself: ids, alt texts, numbers, terms, language."""
    text = path.read_text("utf-8")
    found = [
        Problem(path, line, message)
        for check in (_headings, _figures, _known, _marked_once, _equations)
        for line, message in check(text)
    ]
    if language != "en":
        found += language_of(path, text, language)
    return found


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _headings(text: str) -> Iterator[tuple[int, str]]:
    bare = without_code(text)
    for pattern in (UNDERLINED, ATTACHED):
        for m in pattern.finditer(bare):
            yield _line(bare, m.start()), "write a heading as ## Title { #id }"
    if "```" in (rest := re.sub(r"`{1,2}[^`\n]+`{1,2}", "", bare)):
        yield _line(rest, rest.index("```")), "this fence is not closed"
    parts = sections(text)
    if not parts or parts[0].level != 1:
        yield 1, "a page begins with # Title"
    first: dict[str, Section] = {}
    for one in parts:
        if not one.id:
            yield one.line, "heading without an id: add { #id }"
        elif one.level == 1 and one is not parts[0]:
            yield one.line, "a page has one # Title"
        elif one.id in first:
            line = first[one.id].line
            yield one.line, f"the id #{one.id} stands on line {line} already"
        first.setdefault(one.id, one)


def _figures(text: str) -> Iterator[tuple[int, str]]:
    bare = without_code(text)
    for m in IMAGE.finditer(bare):
        if not m[1].strip():
            yield _line(bare, m.start()), f"no alt text for {m[2]}"
    for m in FENCE.finditer(text):
        is_cell = m[3].split(" ")[0] == "python"
        if is_cell and DRAWS.search(m[4]) and ALT not in m[3]:
            yield _line(text, m.start()), 'this cell draws: give it alt="..."'
        elif 'alt=""' in m[3]:
            yield _line(text, m.start()), "the alt text is empty"


def _known(text: str) -> Iterator[tuple[int, str]]:
    bare = without_code(text)
    for pattern, known, file in (
        (NUMBER, ledger.load(), "ledger.toml"),
        (TERM, terms.load(), "terms.toml"),
    ):
        for m in pattern.finditer(bare):
            if m[1] not in known:
                yield _line(bare, m.start()), f"{m[1]!r} is not in {file}"


def _marked_once(text: str) -> Iterator[tuple[int, str]]:
    bare = without_code(text)
    seen: set[str] = set()
    for m in TERM.finditer(bare):
        if m[1] in seen:
            message = f"[[{m[1]}]] marks the first use only: write the word"
            yield _line(bare, m.start()), message
        seen.add(m[1])


def _equations(text: str) -> Iterator[tuple[int, str]]:
    bare = without_code(text)
    seen: set[str] = set()
    for formula in DISPLAY.finditer(bare):
        for m in TAG.finditer(formula[1]):
            line = _line(bare, formula.start(1) + m.start())
            if m[1] in seen:
                yield line, f"two equations ({m[1]})"
            seen.add(m[1])
        if len(TAG.findall(formula[1])) > 1 and "{aligned}" in formula[1]:
            line = _line(bare, formula.start())
            yield line, "several tags need align, not aligned"


def note(path: Path, root: Path) -> list[Problem]:
    """Check the parts of a note, their order and their number."""
    text = path.read_text("utf-8")
    paper = papers.load().get(path.stem)
    done = paper is None or paper.written
    checks = [_parts(text), _boxes(text)]
    if done:
        checks += [_complete(text), _unwritten(text, root)]
    return [Problem(path, n, message) for one in checks for n, message in one]


def _parts(text: str) -> Iterator[tuple[int, str]]:
    front = FRONT.match(text)
    if not front or "kernelspec:" not in front[0]:
        yield 1, "a note is a notebook: its front matter names a kernelspec"
    last = -1
    for one in sections(text):
        if one.level != 2:
            continue
        if one.id not in ORDER:
            known = " ".join(f"#{name}" for name in ORDER)
            yield one.line, f"#{one.id} is not a part of a note: {known}"
            continue
        if ORDER.index(one.id) < last:
            yield one.line, f"#{one.id} comes before #{ORDER[last]}"
        last = max(last, ORDER.index(one.id))


def _boxes(text: str) -> Iterator[tuple[int, str]]:
    bare = without_code(text)
    for m in BOX.finditer(bare):
        if m[1] not in BOXES:
            line = _line(bare, m.start())
            yield line, f"only 'differs' is boxed in a note, not {m[1]!r}"


def _complete(text: str) -> Iterator[tuple[int, str]]:
    parts = {s.id: s for s in sections(text)}
    for name in ORDER:
        if name not in parts and name not in WHERE_NEEDED:
            yield 1, f"missing: the part #{name}"
    asked = sum(name.startswith("q-") for name in parts)
    if "questions" in parts and asked < QUESTIONS:
        message = f"{asked} questions (ids q-...), at least {QUESTIONS} wanted"
        yield parts["questions"].line, message


@cache
def _template(root: Path) -> frozenset[str]:
    path = root / "docs" / "_template" / "note.md"
    text = path.read_text("utf-8") if path.is_file() else ""
    lines = (line.strip() for line in text.split("\n"))
    return frozenset(n for n in lines if len(n) > 40 and n[0] != "#")


def _unwritten(text: str, root: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() in _template(root):
            yield number, "this line is the template's: write your own"
