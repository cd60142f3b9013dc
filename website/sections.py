"""A page taken apart: sections, and what must be equal in each language."""

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from website.problems import line_of

FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)
FENCE = re.compile(r"^([ ]*)(```+) *(.*?)\n(.*?)^\1\2 *$", re.M | re.S)
HEADING = re.compile(r"^(#{1,6}) (.*?)(?: \{ #([\w-]+) \})?$", re.M)
DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.S)
INLINE = re.compile(r"(?<![\\$])\$(?!\s)((?:\\.|[^$\\])+?)(?<!\s)\$(?!\d)")
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(([^)\s]+)(?: \"[^\"]*\")?\)")
API = re.compile(r"\]\[(pfs\.[\w.]+)\]")
NUMBER = re.compile(r"\{\{ ([\w.-]+) \}\}")
TERM = re.compile(r"\[\[([\w-]+)(?:\|[^\]]*)?\]\]")
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
ADDRESS = re.compile(r"https?://[^\s)>\"`]+")
NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
NAMED = re.compile(r"\((\d{1,2})\)")
BARE_CELL = re.compile(r"(?<=\|) *(\d[\d.,% ]*?) *(?=\|)")
MYRIADS = ("만", "억", "万", "亿")
CLAIM, ALT = "claim", 'alt="'


@dataclass
class Section:
    """One stretch of a page, from a heading to the next."""

    id: str
    level: int
    line: int
    text: str
    facts: dict[str, list[str]] = field(default_factory=dict)


def prose_of(text: str) -> str:
    """Return a page's words: no code, formulas, addresses or front matter."""
    text = FRONT.sub("", text)
    text = FENCE.sub("", text)
    text = DISPLAY.sub("", text)
    text = IMAGE.sub(r"\1", text)
    text = CODE.sub("", text)
    text = INLINE.sub("", text)
    text = NUMBER.sub("", text)
    text = re.sub(r"\{[ :][^}]*\}", "", text)
    text = re.sub(r"\[\[[\w-]+\|([^\]]*)\]\]", r"\1", text)
    text = re.sub(r"\[\[[\w-]+\]\]", "", text)
    text = LINK.sub("]", text)
    return API.sub("]", text)


def sections(text: str) -> list[Section]:
    """Cut a page at its headings; headings inside code do not count."""
    code = [m.span() for m in FENCE.finditer(text)]
    marks = [
        m
        for m in HEADING.finditer(text)
        if not any(a <= m.start() < b for a, b in code)
    ]
    front = FRONT.match(text)
    start = front.end() if front else 0
    marks = [m for m in marks if m.start() >= start]
    found = []
    for m, after in zip_longest(marks, marks[1:]):
        end = after.start() if after else len(text)
        name = m[3] or (CLAIM if len(m[1]) == 1 else "")
        line = text.count("\n", 0, m.start()) + 1
        found.append(Section(name, len(m[1]), line, text[m.start() : end]))
    for section in found:
        section.facts = facts(section.text)
    return found


def facts(text: str) -> dict[str, list[str]]:
    """Return what a section and its translations must have in common."""
    fences = FENCE.findall(text)
    cells = [f for f in fences if f[2].split(" ")[0] == "python"]
    shown = [f for f in fences if f[2].split(" ")[0] != "python"]
    bare = FENCE.sub("\n", text)
    display = DISPLAY.findall(bare)
    bare = DISPLAY.sub("\n", bare)
    inline = CODE.sub("", bare)
    links = [t for t in LINK.findall(bare) if not t.startswith("figure:")]
    return {
        "cells": [str(len(cells))],
        "tags of cells": [_tags(f[2]) for f in cells],
        "cells with alt": [str(i) for i, f in enumerate(cells) if ALT in f[2]],
        "shown code": [f[2] + "\n" + f[3] for f in shown],
        "display formulas": display,
        "inline formulas": sorted(
            " ".join(f.split()) for f in INLINE.findall(inline)
        ),
        "inline code": sorted(CODE.findall(bare)),
        "links": sorted(links),
        "addresses": sorted(ADDRESS.findall(bare)),
        "API links": sorted(API.findall(bare)),
        "figures": [t for _, t in IMAGE.findall(bare)],
        "ledger numbers": sorted(NUMBER.findall(bare)),
        "terms": sorted(TERM.findall(bare)),
        "list items": [str(len(re.findall(r"^ *(?:-|\d+\.) ", bare, re.M)))],
        "table rows": [str(len(re.findall(r"^\|", bare, re.M)))],
        "numbers": digits(text),
        "equations named": sorted(NAMED.findall(prose_of(text))),
        "paragraphs": [str(len(_blocks(text)))],
        "quotes": [str(len(re.findall(r"(?:^>.*\n?)+", bare, re.M)))],
        "numbers in tables": BARE_CELL.findall(bare),
        "boxes": re.findall(r"^!!! (\w+)", bare, re.M),
    }


def _tags(info: str) -> str:
    m = re.search(r"tags=\[[^\]]*\]", info)
    return m[0] if m else ""


def digits(text: str) -> list[str]:
    """Return the numbers of a section's prose, of two digits or more.

    A single digit may be a word in another language, and `10만` is a hundred
    thousand: numbers before such a word are left out.
    """
    alts = " ".join(f[2] for f in FENCE.findall(text) if ALT in f[2])
    text = re.sub(r"\{ ?[#.:][^}]*\}", "", f"{prose_of(text)}\n{alts}")
    found = [
        m[0]
        for m in NUMERAL.finditer(text)
        if len(m[0]) > 1 and text[m.end() : m.end() + 1] not in MYRIADS
    ]
    return sorted(found)


def _blocks(text: str) -> list[str]:
    """Return what empty lines part; a fence is one block."""
    return re.split(r"\n\s*\n", FENCE.sub("fence\n", text).strip())


def line_in(path: Path, part: str) -> int:
    """Return the line of a part in a file."""
    return line_of(path.read_text("utf-8"), part)
