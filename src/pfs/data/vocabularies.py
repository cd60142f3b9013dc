"""Vocabularies and merges of published tokenizers."""

from pfs.data.layout import Inside, wrong_layout
from pfs.text.files import decode_text


def tokens(inside: Inside) -> tuple[str, ...]:
    r"""Read a vocabulary: a token a line, its number is that of the line.

    Args:
        inside: One file.

    Returns:
        The tokens, spelled exactly as in the file.

    Raises:
        OSError: D03 if a line is empty or stands there twice.

    Examples:
        >>> tokens({"a": "[PAD]\n나\n##는\n".encode()})
        ('[PAD]', '나', '##는')

    Source:
        Devlin et al. (2019).

    Differs:
        nothing
    """
    name, lines = _lines(inside)
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line or line in seen:
            where = f"{name}, line {number}"
            wrong_layout(where, "a token, once", repr(line))
        seen.add(line)
    return tuple(lines)


def merges(inside: Inside) -> tuple[tuple[str, str], ...]:
    r"""Read the merges of a byte-pair encoding, the most frequent first.

    Args:
        inside: One file: a line with its version, then two symbols a line.

    Returns:
        The pairs in the order in which they are merged.

    Raises:
        OSError: D03 if the first line names no version or another one does
            not hold two symbols.

    Examples:
        >>> merges({"a": b"#version: 0.2\nh e\nhe r\n"})
        (('h', 'e'), ('he', 'r'))

    Source:
        Sennrich, Haddow and Birch (2016); Radford et al. (2019).

    Differs:
        nothing
    """
    name, lines = _lines(inside)
    if "#version" not in lines[0]:
        wrong_layout(f"{name}, line 1", "#version", repr(lines[0][:80]))
    pairs = []
    for number, line in enumerate(lines[1:], start=2):
        left, _, right = line.partition(" ")
        if not left or not right or " " in right:
            where = f"{name}, line {number}"
            wrong_layout(where, "two symbols", repr(line[:80]))
        pairs.append((left, right))
    return tuple(pairs)


def _lines(inside: Inside) -> tuple[str, list[str]]:
    if len(inside) != 1:
        wrong_layout("a vocabulary", "one file", f"{sorted(inside)}")
    ((name, data),) = inside.items()
    text = decode_text(data, name, form=None)
    return name, text.removesuffix("\n").split("\n")
