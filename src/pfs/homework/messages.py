"""A verdict in words: at most six lines, what is right first."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from pfs.homework.exercises import Exercise
from pfs.homework.verdict import Verdict
from pfs.papers import LANGUAGES
from pfs.registry import known_keys, read_table

PATH: Final = Path(__file__).with_name("messages.toml")
LINES: Final = 6


@cache
def load() -> dict[str, Mapping[str, str]]:
    """Read the messages.

    Returns:
        The words of every language, by code or id.

    Raises:
        ValueError: K01 if one is missing in a language.
    """
    text = PATH.read_text("utf-8")
    found: dict[str, Mapping[str, str]] = {}
    for name, table in read_table(text, PATH).items():
        inner = table if "en" not in table else {"": table}
        for key, words in inner.items():
            whole = f"{name}.{key}" if key else name
            kinds = dict.fromkeys(LANGUAGES, str)
            known_keys(words, kinds, {}, PATH, text, whole)
            found[whole] = words
    return found


def say(id: str, language: str, /, **values: Any) -> str:
    """Return a message.

    Args:
        id: A code, or a word such as `word.pass`.
        language: `en`, `ko` or `zh`.
        values: What is filled in.

    Returns:
        The words.
    """
    return load()[id][language].format(**values)


def lines(verdict: Verdict, exercise: Exercise, language: str) -> list[str]:
    """Say what a verdict means.

    Args:
        verdict: How far an answer is.
        exercise: What was asked.
        language: Of the reader.

    Returns:
        At most six lines: title, what is right, what is not, where.
    """
    word = {"": "word.pass", "H00": "word.not-started"}.get(
        verdict.code, "word.fail"
    )
    mark = say(word, language)
    title = exercise.title[language]
    said = [f"{mark}  {exercise.id}  {title}"]
    if verdict.passed:
        return said
    if verdict.right:
        comma = "、" if language == "zh" else ", "
        steps = comma.join(
            say(f"steps.{step}", language) for step in verdict.right
        )
        said.append(say("word.right", language, steps=steps))
    said.append(_what(verdict, exercise, language))
    values = verdict.values
    if values.get("line") and values.get("text"):
        said.append(say("word.line", language, **_some(values, "line", "text")))
    if values.get("input"):
        said.append(say("word.input", language, input=values["input"]))
    if verdict.mistake:
        known = {m.name: m for m in exercise.mistakes()}
        said.append(known[verdict.mistake].words[language])
    elif values.get("digits"):
        said.append(say("word.digits", language))
    return said[:LINES]


def _what(verdict: Verdict, exercise: Exercise, language: str) -> str:
    values: dict[str, Any] = {
        "place": "",
        "error": "",
        "got": "",
        "expected": "",
        "seconds": exercise.seconds,
        **verdict.values,
    }
    if "invariant" in verdict.values:
        name = verdict.values["invariant"]
        values["invariant"] = exercise.invariants[name][language]
    place = values["place"]
    if place:
        words = say("word.place", language, place=place)
        values["place"] = f"（{words}）" if language == "zh" else f" ({words})"
    return say(verdict.code, language, **values)


def _some(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names}
