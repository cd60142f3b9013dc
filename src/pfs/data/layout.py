"""What the readers of files share: one member of a data set, and a refusal."""

from collections.abc import Mapping
from typing import NoReturn

from pfs.errors import PfsFileError

Inside = Mapping[str, bytes]
"""What is in the files of a data set: bytes by name."""


def member(inside: Inside, name: str) -> bytes:
    """Return one file of a data set.

    Args:
        inside: All of them.
        name: Its name, or how it ends.

    Returns:
        Its bytes.

    Raises:
        OSError: D03 if there is none or more than one.

    Examples:
        >>> member({"folder/a.txt": b"x"}, "a.txt")
        b'x'

    Source:
        This project.

    Differs:
        nothing
    """
    found = [data for key, data in inside.items() if key.endswith(name)]
    if len(found) != 1:
        wrong_layout(name, "one file of this name", f"{sorted(inside)}")
    return found[0]


def wrong_layout(where: str, expected: str, got: str) -> NoReturn:
    """Refuse a file that is not laid out as it should be: D03."""
    raise PfsFileError(
        "D03",
        where=where,
        expected=expected,
        got=got,
        todo="fetch the file from its authors' page again",
    ) from None
