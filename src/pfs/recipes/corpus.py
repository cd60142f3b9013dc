"""Which text a recipe shall read.

Note: notes/rnn
"""

import difflib
from dataclasses import dataclass
from pathlib import Path

from pfs.data.cards import card, names
from pfs.data.datasets import load
from pfs.data.story import LANGUAGES, story
from pfs.errors import PfsValueError
from pfs.text.cleaning import letters_and_spaces
from pfs.text.files import read_text


@dataclass(frozen=True)
class Corpus:
    """A text to train on, and where it comes from."""

    name: str
    """A short name, for folders."""
    title: str
    """What it is."""
    language: str
    """`en`, `ko`, `zh`, or empty if unknown."""
    licence: str
    """Under what terms it may be used, or empty if unknown."""
    cleaning: str
    """`letters` or `none`."""
    file_sha256: str
    """Of the file of a data set, or empty."""
    text: str
    """The text as it is trained on."""


def read_corpus(data: str, letters: bool = False) -> Corpus:
    """Read the text that a setting names.

    Args:
        data: `story-en`, `story-ko`, `story-zh`, a data set that is a text,
            or the path of a text file.
        letters: Whether to keep lower-case letters and spaces only.

    Returns:
        The corpus.

    Raises:
        ValueError: A01 if it is none of these.
        OSError: Of a text that cannot be had.

    Examples:
        >>> read_corpus("story-ko").language
        'ko'

    Source:
        This project.

    Differs:
        nothing
    """
    stories = {f"story-{language}": language for language in LANGUAGES}
    sha256 = ""
    if data in stories:
        name, language = data, stories[data]
        title, licence = "the story of this package", "CC BY 4.0"
        text = story(language)
    elif data in names("text"):
        one = card(data)
        name, title, language = data, one.title, one.language
        licence, sha256, text = one.licence, one.sha256, load(data)
    else:
        path = _file(data, [*stories, *names("text")])
        name, title, language, licence = path.stem, path.name, "", ""
        text = read_text(path)
    if letters:
        name, text = f"{name}-letters", letters_and_spaces(text)
    cleaning = "letters" if letters else "none"
    return Corpus(name, title, language, licence, cleaning, sha256, text)


def _file(data: str, names: list[str]) -> Path:
    """Take a name for a path if it can be one."""
    path = Path(data)
    if path.exists() or path.suffix or len(path.parts) > 1:
        return path
    near = difflib.get_close_matches(data.lower(), names, n=3, cutoff=0.5)
    raise PfsValueError(
        "A01",
        where="setting data",
        expected=f"a text by name ({', '.join(names)}) or a file",
        got=repr(data),
        todo=f"did you mean {' or '.join(near)}?"
        if near
        else "`pfs data list` shows the texts that have a name",
    )
