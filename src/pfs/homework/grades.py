"""Grades of students: points, words, and what stands there before them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pfs.homework import exercises
from pfs.homework.exercises import Exercise
from pfs.homework.handed_in import Submission
from pfs.homework.messages import lines, say
from pfs.homework.verdict import STEPS, Verdict

POINTS: Final = 10.0
WEIGHTS: Final = dict.fromkeys(STEPS, 1) | {"values": 4, "gradients": 2}


@dataclass(frozen=True)
class Grade:
    """One exercise of one student."""

    id: str
    title: str
    code: str
    """Of the first fault; `missing` if nothing was handed in."""
    score: float
    output: str
    seconds: float
    unusual: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything is right."""
        return not self.code


@dataclass(frozen=True)
class Graded:
    """All exercises of one student."""

    student: str
    grades: tuple[Grade, ...]
    protects: tuple[str, ...] = ()
    """What the process was kept from."""

    @property
    def score(self) -> float:
        """Points of all exercises."""
        return sum(grade.score for grade in self.grades)

    @property
    def most(self) -> float:
        """Points that could be reached."""
        return POINTS * len(self.grades)


def points(exercise: Exercise, verdict: Verdict) -> float:
    """Return the points of a verdict.

    Args:
        exercise: What was asked.
        verdict: How far the answer is.

    Returns:
        `POINTS` if it passed, none if it uses what is forbidden, else half
        of them in the ratio of the steps that are right.
    """
    if verdict.passed:
        return POINTS
    if verdict.code == "H60":
        return 0.0
    right = sum(WEIGHTS[step] for step in verdict.right)
    return round(POINTS / 2 * right / sum(WEIGHTS.values()), 1)


def said(exercise: Exercise, verdict: Verdict, language: str) -> str:
    """Return what a student reads."""
    text = lines(verdict, exercise, language)
    if verdict.printed.strip() and not verdict.passed:
        text.append(say("word.printed", language))
        text += verdict.printed.strip().splitlines()[-10:]
    return "\n".join(text)


def missing(exercise: Exercise, language: str) -> Grade:
    """Return the grade of an exercise without an answer."""
    text = say("word.missing", language)
    return Grade(
        exercise.id, exercise.title[language], "missing", 0.0, text, 0.0
    )


def ungraded(
    submission: Submission, ids: Sequence[str], language: str
) -> Graded:
    """Return what stands in the results until a student is graded."""
    text = say("word.ungraded", language)
    return Graded(
        submission.student,
        tuple(
            replace(
                missing(exercises.load()[id], language),
                code="ungraded",
                output=text,
            )
            for id in ids
        ),
    )
