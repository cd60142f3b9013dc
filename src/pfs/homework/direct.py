"""A check in this process, as a notebook wants it: of the object itself."""

import types
from collections.abc import Iterator
from typing import Any

import torch

from pfs.errors import PfsTypeError
from pfs.homework import naming
from pfs.homework.answers import defined, subject
from pfs.homework.exercises import Exercise
from pfs.homework.judge import judge
from pfs.homework.limits import stopwatch
from pfs.homework.subject import OutOfTime, fault_of
from pfs.homework.verdict import Verdict


def judged(exercise: Exercise, answer: Any, seed: int = 0) -> Verdict:
    """Judge a function or a class of this process.

    Args:
        exercise: What was asked.
        answer: What the learner wrote.
        seed: Of the inputs.

    Returns:
        The verdict; H05 if the time was over.

    Raises:
        TypeError: A02 if the answer cannot be called.
    """
    if not callable(answer):
        raise PfsTypeError(
            "A02",
            where=f"pfs.homework.check({exercise.id!r}, ...)",
            expected=f"the function or class {exercise.name}, without ()",
            got=type(answer).__name__,
            todo=f"pfs.homework.check({exercise.id!r}, {exercise.name})",
        )
    if unchanged(answer, exercise):
        return Verdict(exercise.id, "H00")
    file = _file(answer)
    asked = subject(exercise.battery(), answer, file)
    with torch.random.fork_rng(devices=[]):
        try:
            with stopwatch(exercise.seconds):
                verdict = judge(exercise.id, exercise.battery(), asked, seed)
        except OutOfTime as error:
            fault = fault_of(error, file=file)
            values = {"line": str(fault.line or ""), "text": fault.text}
            return Verdict(exercise.id, "H05", values=values, log=fault.log)
        if not verdict.passed:
            naming.ready(exercise)
        try:
            with stopwatch(exercise.seconds):
                return naming.with_name(exercise, verdict, asked)
        except OutOfTime:  # between two questions
            return verdict


def unchanged(answer: Any, exercise: Exercise) -> bool:
    """Tell whether an answer is what the learner found.

    Args:
        answer: A function or a class.
        exercise: What was asked.

    Returns:
        True if the same code was compiled, but for docstrings.
    """
    code = compile(exercise.start, "<start>", "exec")
    start = defined(code, exercise.start, "<start>", exercise.name)
    mine, theirs = list(_codes(answer)), list(_codes(start))
    return bool(mine) and mine == theirs


def _codes(thing: Any) -> Iterator[tuple[Any, ...]]:
    """Return what the functions of a thing do, without where they stand."""
    if isinstance(thing, type):
        for name, part in vars(thing).items():
            if isinstance(part, types.FunctionType):
                yield name, *_plain(part.__code__)
    elif isinstance(thing, types.FunctionType):
        yield _plain(thing.__code__)


def _plain(code: types.CodeType) -> tuple[Any, ...]:
    consts = tuple(
        _plain(c) if isinstance(c, types.CodeType) else c
        for c in code.co_consts
        if not isinstance(c, str)
    )
    return code.co_code, code.co_names, code.co_varnames, consts


def _file(answer: Any) -> str:
    """Return the file of an answer: only its lines are shown."""
    parts = vars(answer).values() if isinstance(answer, type) else [answer]
    for part in parts:
        if isinstance(part, types.FunctionType):
            return part.__code__.co_filename
    return ""
