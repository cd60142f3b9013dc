"""What word vectors are judged by: similar words, and analogies."""

import re

from pfs.data.layout import Inside, wrong_layout
from pfs.text.files import decode_text

Similar = tuple[str, str, float]
"""Two words, and how similar people find them."""
Four = tuple[str, str, str, str]
"""The first is to the second as the third is to the fourth."""


def similarity(inside: Inside) -> tuple[Similar, ...]:
    r"""Read pairs of words with a score.

    Args:
        inside: One file; in each line two words and a number, between them a
            tab or a comma. Lines that begin with `#` and a first line of
            names are left out.

    Returns:
        The pairs in the order of the file; the score has the file's scale.

    Raises:
        OSError: D03 if a line is another.

    Examples:
        >>> similarity({"a": b"# note\nlove\tsex\t6.77"})
        (('love', 'sex', 6.77),)

    Source:
        Finkelstein et al. (2002) for the first of these.

    Differs:
        nothing
    """
    pairs: list[Similar] = []
    for number, line in _lines(inside):
        columns = re.split("[\t,]", line)
        score = _number(columns[-1])
        if number == 1 and len(columns) == 3 and score is None:
            continue  # the names of the columns
        if len(columns) != 3 or score is None or not all(columns):
            expected = "two words and a number"
            wrong_layout(f"line {number}", expected, repr(line[:80]))
        pairs.append((columns[0].strip(), columns[1].strip(), score))
    return tuple(pairs)


def analogies(inside: Inside) -> dict[str, tuple[Four, ...]]:
    r"""Read analogies: four words in a line, in sections.

    Args:
        inside: One or more files. A line that begins with a colon opens a
            section.

    Returns:
        The analogies of each section.

    Raises:
        OSError: D03 if a line has not four words, or stands before the first
            section.

    Examples:
        >>> analogies({"a": b": capitals\nAthens Greece Oslo Norway\n"})
        {'capitals': (('Athens', 'Greece', 'Oslo', 'Norway'),)}

    Source:
        Mikolov et al. (2013), questions-words.txt.

    Differs:
        nothing
    """
    sections: dict[str, list[Four]] = {}
    section: list[Four] | None = None
    for number, line in _lines(inside):
        words = line.split()
        if line.startswith(": "):
            section = sections.setdefault(line[2:].strip(), [])
        elif section is None or len(words) != 4:
            expected = "four words, below the name of a section"
            wrong_layout(f"line {number}", expected, repr(line[:80]))
        else:
            section.append((words[0], words[1], words[2], words[3]))
    return {name: tuple(rows) for name, rows in sections.items()}


def _lines(inside: Inside) -> list[tuple[int, str]]:
    """Return numbered lines without notes and empty ones."""
    return [
        (number, line)
        for name, data in inside.items()
        for number, line in enumerate(decode_text(data, name).split("\n"), 1)
        if line.strip() and not line.startswith("#")
    ]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
