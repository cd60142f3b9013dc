"""The homework in a notebook: what a learner calls. Imports torch late."""

import os
from dataclasses import dataclass
from typing import Any, Final

from pfs.errors import PfsValueError
from pfs.homework import exercises, progress
from pfs.homework.messages import lines, say
from pfs.locales import of_locale
from pfs.papers import LANGUAGES

_reader: Final = {"language": ""}


@dataclass(frozen=True)
class Checked:
    """What a check has found.

    `bool(checked)` tells whether the answer passed. In a notebook it shows
    nothing more, because `check` has printed its words.

    Args:
        id: Of the exercise.
        code: Of the first fault, as `H34`; empty if everything is right.
        right: The steps that are right.
        words: What was printed.

    Source:
        This project.

    Differs:
        nothing
    """

    id: str
    code: str
    right: tuple[str, ...]
    words: str

    def __bool__(self) -> bool:
        return not self.code

    def _ipython_display_(self) -> None:
        """Show nothing: the words are there already."""


def language(code: str | None = None) -> str:
    """Choose the language of the homework, or tell which it is.

    Args:
        code: `en`, `ko` or `zh`; `None` changes nothing. Before it is chosen,
            `PFS_LANG` decides, else the system's language.

    Returns:
        The language in use.

    Raises:
        ValueError: A01 if it is another.

    Examples:
        >>> language("en")
        'en'

    Source:
        This project.

    Differs:
        nothing
    """
    if code is not None:
        if code not in LANGUAGES:
            raise PfsValueError(
                "A01",
                where="pfs.homework.language",
                expected="en, ko or zh",
                got=repr(code),
                todo="choose one of these three",
            )
        _reader["language"] = code
    return _reader["language"] or os.environ.get("PFS_LANG") or of_locale()


def check(id: str, answer: Any) -> Checked:
    """Check a function or a class, and print what is right and what is not.

    The inputs are drawn anew from a fixed seed, so a check can be repeated.
    Endless loops are ended after the time of the exercise.

    Args:
        id: Of the exercise, as `rnn.cell`; `cell` if no other has this name.
        answer: The function or the class that the task asks for.

    Returns:
        What was found; it is true if the answer passed.

    Raises:
        ValueError: A01 if there is no such exercise.
        TypeError: A02 if the answer cannot be called.

    Examples:
        >>> import pfs, pfs.homework as hw
        >>> hw.language("en")
        'en'
        >>> found = hw.check("mlp.softmax", lambda x, dim: ...)
        TODO  mlp.softmax  Softmax
        Not started yet: put your code in place of `...`.

    Source:
        This project.

    Differs:
        nothing
    """
    from pfs.homework.direct import judged

    exercise = exercises.pick(id)
    verdict = judged(exercise, answer)
    if verdict.code != "H00":
        progress.checked(exercise.id, verdict.passed)
    words = "\n".join(lines(verdict, exercise, language()))
    print(words)
    return Checked(exercise.id, verdict.code, verdict.right, words)


def hint(id: str) -> None:
    """Print the next hint of an exercise, after those before it.

    Args:
        id: Of the exercise.

    Raises:
        ValueError: A01 if there is no such exercise.

    Source:
        This project.

    Differs:
        nothing
    """
    exercise = exercises.pick(id)
    for level in range(progress.hinted(exercise.id)):
        text = exercise.hints[language()][level]
        print(say("word.hint", language(), level=level + 1, text=text))


def show(id: str) -> None:
    """Print the task of an exercise.

    Args:
        id: Of the exercise.

    Raises:
        ValueError: A01 if there is no such exercise.

    Source:
        This project.

    Differs:
        nothing
    """
    exercise = exercises.pick(id)
    print(f"{exercise.id}: {exercise.title[language()]}\n")
    print(exercise.task(language()).strip())
    print(say("word.source", language(), source=exercise.source))


def solution(id: str, give_up: bool = False) -> None:
    """Print the solution, and why it is right, after the exercise is passed.

    Args:
        id: Of the exercise.
        give_up: Show it although the exercise is not passed. The record of
            progress keeps this.

    Raises:
        ValueError: A01 if there is no such exercise.

    Source:
        This project.

    Differs:
        nothing
    """
    exercise = exercises.pick(id)
    if not progress.may_see(exercise.id, give_up):
        print(say("word.not-yet-here", language()))
        return
    print(exercise.solution.strip())
    print()
    print(say("word.why", language()), exercise.why[language()])


def status() -> None:
    """Print which exercises are passed, unit by unit.

    Source:
        This project.

    Differs:
        nothing
    """
    done = progress.load()
    for unit in exercises.units().values():
        passed = sum(progress.passed(done, id) for id in unit.exercises)
        count = say(
            "word.done-of",
            language(),
            done=passed,
            count=len(unit.exercises),
        )
        print(f"{unit.title[language()]}: {count}")
        for id in unit.exercises:
            mark = "x" if progress.passed(done, id) else " "
            title = exercises.load()[id].title[language()]
            print(f"  [{mark}] {id}  {title}")
