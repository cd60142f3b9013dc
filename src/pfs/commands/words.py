"""What the command line says, in the language of its reader.

Reads `words.toml`. Nothing here imports torch.
"""

import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from pfs.errors import PfsValueError
from pfs.locales import of_locale
from pfs.papers import LANGUAGES
from pfs.registry import known_keys, read_table

HERE: Final = Path(__file__).parent
_reader = {"language": "en", "asked": ""}


@cache
def load() -> dict[str, Mapping[str, str]]:
    """Read the words.

    Returns:
        The words of every language, by id.

    Raises:
        ValueError: K01 if one is missing in a language.

    Examples:
        >>> load()["usage"]["ko"]
        '사용법'

    Source:
        This project.

    Differs:
        nothing
    """
    path = HERE / "words.toml"
    text = path.read_text("utf-8")
    found: dict[str, Mapping[str, str]] = {}
    for name, table in read_table(text, path).items():
        inner = table if "en" not in table else {"": table}
        for key, words in inner.items():
            whole = f"{name}.{key}" if key else name
            kinds = dict.fromkeys(LANGUAGES, str)
            known_keys(words, kinds, {}, path, text, whole)
            found[whole] = words
    return found


def say(id: str, **values: object) -> str:
    """Return words in the reader's language.

    Args:
        id: Of `words.toml`.
        values: What is filled in.

    Returns:
        The words.

    Raises:
        KeyError: If there are no such words: a mistake of ours.

    Examples:
        >>> say("n-gram", n=5)
        '5-gram'

    Source:
        This project.

    Differs:
        nothing
    """
    return load()[id][_reader["language"]].format(**values)


def language() -> str:
    """Return the reader's language.

    Returns:
        `en`, `ko` or `zh`.

    Examples:
        >>> language()
        'en'

    Source:
        This project.

    Differs:
        nothing
    """
    return _reader["language"]


def use(wanted: str) -> None:
    """Speak a language from now on.

    Args:
        wanted: `en`, `ko` or `zh`.

    Raises:
        ValueError: A01 if it is another.

    Examples:
        >>> use("en")

    Source:
        This project.

    Differs:
        nothing
    """
    if wanted not in LANGUAGES:
        raise PfsValueError(
            "A01",
            where="--lang",
            expected="en, ko or zh",
            got=repr(wanted),
            todo="choose one of these three",
        )
    _reader["language"] = wanted


def take_language(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """Find the language of the reader, and what is left of the command.

    `--lang` may stand anywhere; else `PFS_LANG` decides, else the locale.

    Args:
        arguments: The command line.

    Returns:
        The language, and the arguments without `--lang`.

    Examples:
        >>> take_language(["list", "--lang", "ko", "--topic=words"])
        ('ko', ['list', '--topic=words'])

    Source:
        This project.

    Differs:
        nothing
    """
    wanted, rest = "", list(arguments)
    for place, word in enumerate(rest):
        if word == "--":
            break
        if word.startswith("--lang="):
            wanted = rest.pop(place).partition("=")[2]
            break
        if word == "--lang" and place + 1 < len(rest):
            wanted = rest.pop(place + 1)
            rest.pop(place)
            break
    _reader["asked"] = wanted or os.environ.get("PFS_LANG", "")
    return _reader["asked"] or of_locale(), rest


def asked() -> bool:
    """Tell whether the reader has named a language.

    Returns:
        True after `--lang` or with `PFS_LANG`; the locale is only a guess.

    Examples:
        >>> take_language(["list", "--lang", "ko"])[0], asked()
        ('ko', True)

    Source:
        This project.

    Differs:
        nothing
    """
    return bool(_reader["asked"])
