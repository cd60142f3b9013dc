"""Questions about a paragraph, answered by a piece of it: SQuAD's layout."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pfs.data.layout import Inside, member, wrong_layout
from pfs.text.files import decode_text

NOWHERE = -1
"""The start of an answer whose text does not occur in the paragraph."""


@dataclass(frozen=True)
class Question:
    """A question, its paragraph, and the answers that people gave.

    Source:
        Rajpurkar et al. (2016).

    Differs:
        nothing
    """

    id: str
    """What the scores call it."""
    context: str
    """The paragraph, exactly as in the file."""
    question: str
    """The question."""
    answers: tuple[tuple[str, int], ...]
    """The text of each answer, and where it begins in the paragraph."""


def squad(inside: Inside) -> tuple[Question, ...]:
    """Read a file in the layout of SQuAD v1.1.

    Nothing is normalized here: the starts of the answers count characters of
    the text as it is. Where a start is wrong, it is replaced by the nearest
    place at which the answer's text stands. CMRC 2018 needs this for 7 answers
    of its dev set and 5 of its trial set; the other 193 wrong starts of the
    dev set belong to answers that people put into their own words: they occur
    nowhere, and their start is -1.

    Args:
        inside: One JSON file: articles, paragraphs, questions, answers.

    Returns:
        The questions in the order of the file.

    Raises:
        OSError: D03 if it is not JSON, or not laid out like this.

    Examples:
        >>> answer = {"text": "b", "answer_start": 0}
        >>> asked = {"id": "1", "question": "Which?", "answers": [answer]}
        >>> paragraph = {"context": "a b", "qas": [asked]}
        >>> file = {"data": [{"paragraphs": [paragraph]}]}
        >>> squad({"a.json": json.dumps(file).encode()})[0].answers
        (('b', 2),)

    Source:
        Rajpurkar et al. (2016).

    Differs:
        Most readers trust the offsets of the file.
    """
    text = decode_text(member(inside, ".json"), "the JSON file", form=None)
    try:
        return tuple(_questions(json.loads(text)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        expected = "the layout of SQuAD v1.1"
        wrong_layout("the JSON file", expected, repr(error)[:200])


def _questions(file: Any) -> Iterator[Question]:
    for article in file["data"]:
        for paragraph in article["paragraphs"]:
            context = _text(paragraph["context"])
            for asked in paragraph["qas"]:
                answers = tuple(
                    _placed(
                        _text(a["text"]), _start(a["answer_start"]), context
                    )
                    for a in asked["answers"]
                )
                yield Question(
                    _text(asked["id"]),
                    context,
                    _text(asked["question"]),
                    answers,
                )


def _placed(text: str, start: int, context: str) -> tuple[str, int]:
    """Return the answer with the start nearest to the one in the file."""
    if start >= 0 and context.startswith(text, start):
        return text, start
    places = []
    place = context.find(text)
    while place >= 0:
        places.append(place)
        place = context.find(text, place + 1)
    return text, min(places, key=lambda p: abs(p - start), default=NOWHERE)


def _start(value: Any) -> int:
    if not isinstance(value, int):
        wrong_layout("the JSON file", "the number of a place", repr(value)[:80])
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        wrong_layout("the JSON file", "a text", repr(value)[:80])
    return value
