"""The words of a page, line by line: what a person reads, nothing else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from website.sections import (
    API,
    CODE,
    DISPLAY,
    FENCE,
    FRONT,
    IMAGE,
    INLINE,
    LINK,
    NUMBER,
)

OWN = "\ue000"  # code, a formula, a number: stands like a Latin word
WORD = "\ue001"  # a marked term: stands like a word of the page's language
ITEM = re.compile(r"^ *(?:[-*+]|\d+\.) +")
BUTTON = re.compile(r"^\[[^\]]*\]\([^)]*\)\{[^}]*\}$")
BOX = re.compile(r'^(?:!!!|\?\?\?\+?) *\w+ *"?(.*?)"?$')
COMMENT = re.compile(r"<!--.*?-->", re.S)


@dataclass(frozen=True)
class Words:
    """One line of prose, one item or one cell of a table."""

    line: int
    kind: str  # text, heading, quote, cell, item, alt, box, button
    text: str


def without_code(text: str) -> str:
    """Return a page with front matter and fences emptied, lines kept."""
    for pattern in (FRONT, FENCE, COMMENT):
        text = pattern.sub(lambda m: "\n" * m[0].count("\n"), text)
    return text


def plain(line: str) -> str:
    """Return the words of a line; code and formulas become one character."""
    line = CODE.sub(OWN, line)
    line = INLINE.sub(OWN, line)
    line = NUMBER.sub(OWN, line)
    line = re.sub(r"\[\[[\w-]+\|([^\]]*)\]\]", r"\1", line)
    line = re.sub(r"\[\[[\w-]+\]\]", WORD, line)
    line = IMAGE.sub(r"\1", line)
    line = re.sub(rf"\[([^\]]*){API.pattern}", r"\1", line)
    line = re.sub(rf"\[([^\]]*){LINK.pattern}", r"\1", line)
    line = re.sub(r"\{ ?[#.:][^}]*\}", "", line)
    line = re.sub(r"<[^>]*>", "", line)
    return line.replace("**", "").strip()


def words(text: str) -> Iterator[Words]:
    """Yield the prose of a page with its lines."""
    text = without_code(text)
    text = DISPLAY.sub(lambda m: "\n" * m[0].count("\n"), text)
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        if line.startswith("|"):
            masked = INLINE.sub(OWN, CODE.sub(OWN, line))
            for cell in masked.strip().strip("|").split("|"):
                if cell.strip(" :-"):
                    yield Words(number, "cell", plain(cell))
        elif m := BOX.match(line):
            yield Words(number, "box", plain(m[1]))
        elif m := IMAGE.fullmatch(line.strip()):
            yield Words(number, "alt", plain(m[1]))
        elif line.startswith("#"):
            yield Words(number, "heading", plain(line.lstrip("#")))
        elif line.startswith(">"):
            yield Words(number, "quote", plain(line.lstrip("> ")))
        elif m := ITEM.match(line):
            yield Words(number, "item", plain(line[m.end() :]))
        elif BUTTON.match(line):
            yield Words(number, "button", plain(line))
        else:
            yield Words(number, "text", plain(line))
