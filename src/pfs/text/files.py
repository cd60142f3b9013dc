"""Read a text file, and say what is wrong with one that cannot be read."""

from pathlib import Path

from pfs.errors import PfsFileError, PfsValueError
from pfs.text.encodings import guess_encoding
from pfs.text.vocabulary import Form, normalize


def decode_text(
    data: bytes, where: str = "text", form: Form | None = "NFC"
) -> str:
    r"""Decode UTF-8 into a text with one kind of line end and one spelling.

    The byte order mark is dropped; `\r\n` and `\r` become `\n`; the text is
    normalized. Everything else stays: U+2028, zero-width marks, emoji.

    Args:
        data: The bytes.
        where: What an error message calls them, such as the file's path.
        form: The normal form, or `None` to leave the spelling alone.

    Returns:
        The text.

    Raises:
        ValueError: X01 if the bytes are not UTF-8, with the line and a guess
            of what they are; X04 if they encode half a character.

    Examples:
        >>> decode_text(b"\xef\xbb\xbfone\r\ntwo\n")
        'one\ntwo\n'

    Source:
        This project.

    Differs:
        Python's `open` uses the encoding of the computer's settings; here it
        is UTF-8 on every computer.
    """
    wide = guess_encoding(data) if data.count(0) * 5 > len(data) else None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse_half(data, where)
        raise _not_utf8(
            data, where, data[: error.start].count(b"\n") + 1
        ) from None
    if wide:
        raise _not_utf8(data, where, 1)
    return normalize(text.replace("\r\n", "\n").replace("\r", "\n"), form)


def read_text(
    path: str | Path, *, minimum: int = 1, form: Form | None = "NFC"
) -> str:
    r"""Read a text file in UTF-8: `decode_text` for a file.

    Args:
        path: The file.
        minimum: How many characters it must have.
        form: The normal form, or `None` to leave the spelling alone.

    Returns:
        The text.

    Raises:
        OSError: X09 if there is no such file or it cannot be opened.
        ValueError: X01 if it is not UTF-8, X04 if it holds half a character,
            X06 if it is empty or shorter than `minimum`.

    Examples:
        >>> read_text("no such file.txt")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: X09: a text file cannot be opened
          where:    no such file.txt
          ...

    Source:
        This project.

    Differs:
        See `decode_text`.
    """
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise PfsFileError(
            "X09",
            where=str(path),
            expected="a text file that may be read",
            got="a folder" if Path(path).is_dir() else _reason(error),
            todo="check the name and the folder you are in",
        ) from None
    text = decode_text(data, str(path), form)
    if len(text) < minimum or not text.strip():
        raise PfsValueError(
            "X06",
            where=str(path),
            expected=f"at least {max(minimum, 1):,} characters",
            got=f"{len(text):,}" + ("" if text.strip() else ", all blank"),
            todo="pass a longer text",
        )
    return text


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).lower()


def _refuse_half(data: bytes, where: str) -> None:
    """Say X04 where only surrogates keep the bytes from being UTF-8."""
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return
    half = next(s for s in text if "\ud800" <= s <= "\udfff")
    line = text[: text.index(half)].count("\n") + 1
    raise PfsValueError(
        "X04",
        where=f"{where}, line {line}",
        expected="whole characters",
        got=f"the lone surrogate U+{ord(half):04X}",
        todo="write the file again with a program that knows UTF-8",
    )


def _not_utf8(data: bytes, where: str, line: int) -> PfsValueError:
    guess = guess_encoding(data)
    old = Path(where)
    new = old.with_name(f"{old.stem}.utf8{old.suffix}")
    convert = (
        'python -c "import sys, pathlib as p; p.Path(sys.argv[2]).write_text('
        "p.Path(sys.argv[1]).read_text(sys.argv[3]), 'utf-8')\" "
        f'"{old}" "{new}" {guess}'
    )
    return PfsValueError(
        "X01",
        where=f"{where}, line {line}",
        expected="UTF-8",
        got=f"it looks like {guess}" if guess else "no encoding known to us",
        todo=f"make a copy in UTF-8: {convert}"
        if guess
        else "check that it is a text, and save it as UTF-8 in an editor",
    )
