"""Which text a command shall read."""

from dataclasses import dataclass
from pathlib import Path

from pfs.commands.terminal import pick
from pfs.data.datasets import DATASETS, load
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


def choose_corpus(
    text: Path | None, data: str | None, lang: str | None, letters: bool
) -> Corpus:
    """Read the text that the options name.

    Args:
        text: A file of the user's.
        data: A data set by name.
        lang: A language of the story.
        letters: Whether to keep letters and spaces only.

    Returns:
        The corpus.

    Raises:
        ValueError: A03 if the options name more than one text.
        OSError: Of a text that cannot be had.

    Examples:
        >>> choose_corpus(None, None, "ko", letters=False).name
        'story-ko'

    Source:
        This project.

    Differs:
        nothing
    """
    given = [
        option
        for option, value in (
            ("--text", text),
            ("--data", data),
            ("--lang", lang),
        )
        if value is not None
    ]
    if len(given) > 1:
        raise PfsValueError(
            "A03",
            where="pfs train char-rnn",
            expected="one text",
            got=" and ".join(given),
            todo=f"leave out {' or '.join(given)}",
        )
    file_sha256 = ""
    if text is not None:
        name, title, language, licence = text.stem, text.name, "", ""
        content = read_text(text)
    elif data is not None:
        name = pick("--data", data, DATASETS)
        dataset = DATASETS[name]
        title, language, licence = (
            dataset.title,
            dataset.language,
            dataset.licence,
        )
        content, file_sha256 = load(name), dataset.sha256
    else:
        language = pick("--lang", lang or "en", LANGUAGES)
        name, title = f"story-{language}", "the story of this package"
        licence, content = "CC BY 4.0", story(language)
    if letters:
        name, content = f"{name}-letters", letters_and_spaces(content)
    cleaning = "letters" if letters else "none"
    return Corpus(
        name, title, language, licence, cleaning, file_sha256, content
    )
