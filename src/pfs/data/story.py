"""The short story that comes with the package, in three languages."""

import importlib.resources

from pfs.errors import PfsValueError

LANGUAGES = ("en", "ko", "zh")
"""The languages of the story."""


def story(language: str = "en") -> str:
    r"""Read the story of a study group, written for this project.

    The three texts are parallel: sentence $i$ of one is sentence $i$ of the
    others. A sentence is a line; a blank line stands between paragraphs.

    Args:
        language: `"en"`, `"ko"` or `"zh"`.

    Returns:
        The text.

    Raises:
        ValueError: A01 if there is no such language.

    Examples:
        >>> story("zh").startswith(story_sentences("zh")[0])
        True

    Source:
        This project; CC BY 4.0.

    Differs:
        nothing
    """
    if language not in LANGUAGES:
        raise PfsValueError(
            "A01",
            where="pfs.data.story, language",
            expected=" or ".join(map(repr, LANGUAGES)),
            got=repr(language),
            todo="choose one of these",
        )
    from pfs.text.files import decode_text  # it needs torch; a card does not

    texts = importlib.resources.files("pfs.data") / "texts"
    name = f"story.{language}.txt"
    return decode_text((texts / name).read_bytes(), name)


def story_sentences(language: str = "en") -> list[str]:
    """Read the story as a list of sentences, aligned between languages.

    Args:
        language: `"en"`, `"ko"` or `"zh"`.

    Returns:
        The sentences.

    Raises:
        ValueError: A01 if there is no such language.

    Examples:
        >>> len(story_sentences("en")) == len(story_sentences("ko"))
        True

    Source:
        This project; CC BY 4.0.

    Differs:
        nothing
    """
    return [line for line in story(language).split("\n") if line]
