"""Sentences in two languages, and questions with their replies."""

import csv
import io
from dataclasses import dataclass
from typing import Final, NoReturn

from pfs.data.layout import Inside, member, wrong_layout
from pfs.errors import PfsValueError
from pfs.text.files import decode_text

SPLITS: Final = ("train", "val", "test_2016_flickr", "test_2017_flickr")
"""The splits of Multi30k."""
NTREX: Final = {
    "en": "newstest2019-src.eng.txt",
    "ko": "newstest2019-ref.kor.txt",
    "zh": "newstest2019-ref.zho-CN.txt",
}
"""The languages of NTREX-128 that are read here, and their files."""


@dataclass(frozen=True)
class Pair:
    """A sentence and its translation.

    Source:
        This project.

    Differs:
        nothing
    """

    source: str
    """The sentence."""
    target: str
    """Its translation."""
    note: str = ""
    """Who wrote them (which has to be named when they are shown), or the
    document they come from; empty if the file does not say."""


@dataclass(frozen=True)
class Exchange:
    """What somebody says, and a reply.

    Source:
        This project.

    Differs:
        nothing
    """

    question: str
    """What is said."""
    answer: str
    """The reply."""
    label: int
    """What it is about, as the data set's authors number it."""


def tab_separated(inside: Inside) -> tuple[Pair, ...]:
    r"""Read sentence pairs of the Tatoeba project: a line each.

    Args:
        inside: One file with two or three columns: English, the translation,
            and who wrote them; beside it perhaps `_about.txt`.

    Returns:
        The pairs in the order of the file.

    Raises:
        OSError: D03 if a line has another number of columns or an empty one.

    Examples:
        >>> tab_separated({"a.txt": b"Go.\tVa !"})
        (Pair(source='Go.', target='Va !', note=''),)

    Source:
        Tatoeba and manythings.org/anki.

    Differs:
        nothing
    """
    texts = {n: d for n, d in inside.items() if not n.endswith("_about.txt")}
    data = member(texts, ".txt")
    (name,) = (n for n in texts if n.endswith(".txt"))
    pairs = []
    for number, line in enumerate(_lines(data, name), start=1):
        columns = line.split("\t")
        if not 2 <= len(columns) <= 3 or not all(columns):
            expected = "two or three columns, none of them empty"
            wrong_layout(f"{name}, line {number}", expected, repr(line[:80]))
        pairs.append(Pair(*columns))
    return tuple(pairs)


def multi30k(
    inside: Inside, split: str | None = None
) -> dict[str, tuple[Pair, ...]] | tuple[Pair, ...]:
    """Read the English and German captions of Multi30k.

    Args:
        inside: A file for each split and language.
        split: One of `SPLITS`, or `None` for all.

    Returns:
        The pairs of a split, English first; or a dict of all splits.

    Raises:
        ValueError: A01 if there is no such split.
        OSError: D03 if two files have not the same number of lines.

    Source:
        Elliott et al. (2016).

    Differs:
        nothing
    """
    if split is None:
        return {name: _captions(inside, name) for name in SPLITS}
    if split not in SPLITS:
        _not_offered("split", split, SPLITS)
    return _captions(inside, split)


def ntrex(
    inside: Inside, source: str = "en", target: str = "ko"
) -> tuple[Pair, ...]:
    """Read NTREX-128: news sentences in English, Korean and Chinese.

    Args:
        inside: A file for each language, and one with the document of each
            line.
        source: `"en"`, `"ko"` or `"zh"`.
        target: Another one.

    Returns:
        The pairs; the note of each is the name of its document.

    Raises:
        ValueError: A01 if there is no such language.
        OSError: D03 if the files have not the same number of lines.

    Source:
        Federmann, Kocmi and Xin (2022).

    Differs:
        Only the English side is original; Korean and Chinese are translations
        of it, so a pair of the two is a translation of a translation.
    """
    for argument, language in (("source", source), ("target", target)):
        if language not in NTREX:
            _not_offered(argument, language, tuple(NTREX))
    files = (NTREX[source], NTREX[target], "DOCUMENT_IDS.tsv")
    columns = [_lines(member(inside, name), name) for name in files]
    for name, lines in zip(files, columns, strict=True):
        if len(lines) != len(columns[0]):
            expected = f"{len(columns[0]):,} lines, as {files[0]}"
            wrong_layout(name, expected, f"{len(lines):,}")
    return tuple(map(Pair, *columns))


def chatbot(inside: Inside) -> tuple[Exchange, ...]:
    r"""Read questions and replies from a table with three columns.

    Args:
        inside: One CSV file: `Q`, `A` and a number, under a line that names
            them.

    Returns:
        The exchanges in the order of the file.

    Raises:
        OSError: D03 if the first line or a row is another.

    Examples:
        >>> chatbot({"a.csv": "Q,A,label\r\n안녕,반가워요,0".encode()})
        (Exchange(question='안녕', answer='반가워요', label=0),)

    Source:
        Song, Chatbot_data_for_Korean.

    Differs:
        nothing
    """
    text = decode_text(member(inside, ".csv"), "the CSV file")
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or rows[0] != ["Q", "A", "label"]:
        wrong_layout("line 1", "Q,A,label", repr(rows[:1]))
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != 3 or not row[2].strip().isdecimal():
            wrong_layout(f"row {number}", "two texts and a number", repr(row))
    return tuple(Exchange(q, a, int(label)) for q, a, label in rows[1:])


def _captions(inside: Inside, split: str) -> tuple[Pair, ...]:
    names = (f"{split}.en", f"{split}.de")
    english, german = (_lines(member(inside, name), name) for name in names)
    if len(english) != len(german):
        expected = f"{len(english):,} lines, as {names[0]}"
        wrong_layout(names[1], expected, f"{len(german):,}")
    return tuple(map(Pair, english, german))


def _lines(data: bytes, name: str) -> list[str]:
    """Split at line ends only: U+2028 and the like are part of a sentence."""
    return decode_text(data, name).removesuffix("\n").split("\n")


def _not_offered(argument: str, got: str, known: tuple[str, ...]) -> NoReturn:
    raise PfsValueError(
        "A01",
        where=f"pfs.data.load, {argument}",
        expected=" or ".join(map(repr, known)),
        got=repr(got),
        todo="choose one of these",
    )
