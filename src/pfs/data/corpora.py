"""Texts: one string, however the file is laid out."""

import json
from typing import Any

from pfs.data.layout import Inside, member, wrong_layout
from pfs.text.files import decode_text


def plain(inside: Inside) -> str:
    r"""Read a text file.

    Args:
        inside: One file.

    Returns:
        The text: UTF-8, NFC, `\n` at line ends.

    Raises:
        ValueError: X01 if the file is not UTF-8.
        OSError: D03 if there is more than one file.

    Examples:
        >>> plain({"a.txt": b"one\r\ntwo"})
        'one\ntwo'

    Source:
        This project.

    Differs:
        nothing
    """
    return decode_text(member(inside, ""), next(iter(inside)))


def poems(inside: Inside) -> str:
    r"""Read poems: a title and its author, the verses, an empty line.

    Args:
        inside: One JSON file: a list of poems with `title`, `author` and
            `paragraphs`.

    Returns:
        The poems, one after the other.

    Raises:
        OSError: D03 if it is not laid out like this.

    Examples:
        >>> poem = {"title": "鹿柴", "author": "王維", "paragraphs": ["空山。"]}
        >>> poems({"a.json": json.dumps([poem]).encode()})
        '鹿柴 王維\n空山。\n'

    Source:
        The chinese-poetry collection.

    Differs:
        nothing
    """
    return _joined(inside, lambda poem: f"{poem['title']} {poem['author']}")


def chapters(inside: Inside) -> str:
    r"""Read a book: the name of a chapter, its paragraphs, an empty line.

    Args:
        inside: One JSON file: a list of chapters with `chapter` and
            `paragraphs`.

    Returns:
        The chapters, one after the other.

    Raises:
        OSError: D03 if it is not laid out like this.

    Examples:
        >>> book = [{"chapter": "学而篇", "paragraphs": ["子曰", "有子曰"]}]
        >>> chapters({"a.json": json.dumps(book).encode()})
        '学而篇\n子曰\n有子曰\n'

    Source:
        The chinese-poetry collection.

    Differs:
        nothing
    """
    return _joined(inside, lambda chapter: str(chapter["chapter"]))


def _joined(inside: Inside, heading: Any) -> str:
    text = decode_text(member(inside, ".json"), "the JSON file")
    try:
        return "\n".join(
            "".join(f"{line}\n" for line in [heading(p), *p["paragraphs"]])
            for p in json.loads(text)
        )
    except (ValueError, KeyError, TypeError) as error:
        expected = "a list of parts with paragraphs"
        wrong_layout("the JSON file", expected, repr(error)[:200])
