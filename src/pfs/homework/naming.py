"""Known mistakes, recognized by their numbers.

The answer and the known mistakes are asked the same questions. If all results,
gradients and faults are equal, it is this mistake, and it can be named; if
anything differs, nothing is said.
"""

from dataclasses import replace
from functools import cache
from typing import Any

import torch
from torch import Tensor

from pfs.homework import trees
from pfs.homework.answers import compiled, defined, subject
from pfs.homework.battery import Draw
from pfs.homework.describe import scattered
from pfs.homework.exercises import Exercise
from pfs.homework.judge import judge
from pfs.homework.stop import Stop
from pfs.homework.subject import Answer, OutOfTime, Request, Subject
from pfs.homework.verdict import Verdict

SEED = 20
CLOSE, CLOSE_IN_FLOAT32 = 1e-9, 1e-5
"""Closer than the judge looks: what is right is never a known mistake."""


def ready(exercise: Exercise) -> None:
    """Ask the known mistakes now: it takes longer than a check."""
    _put(exercise)
    _bank(exercise.id)


def print_of(exercise: Exercise, asked: Subject) -> list[Answer]:
    """Return the answers to the questions that tell mistakes apart."""
    return [asked.ask(request) for request in _questions(exercise.id)]


def name(exercise: Exercise, asked: Subject, code: str) -> str:
    """Name the mistake of a wrong answer.

    Args:
        exercise: What was asked.
        asked: The answer.
        code: Of its verdict; a known mistake has the same.

    Returns:
        The name of a known mistake, or nothing. Of mistakes that cannot be
        told apart the first is named.
    """
    _put(exercise)
    mine = print_of(exercise, asked)
    for mistake in exercise.mistakes():
        theirs = bank(exercise.id)[mistake.name]
        if mistake.code == code and alike(mine, theirs):
            return mistake.name
    return ""


def named(exercise: Exercise, source: str, file: str, seed: int) -> Verdict:
    """Judge a source in this process, and name its mistake.

    Args:
        exercise: What was asked.
        source: The learner's text.
        file: Its name.
        seed: Of the inputs.

    Returns:
        The verdict.
    """
    try:
        code = compiled(source, file, exercise.start)
        thing = defined(code, source, file, exercise.name)
    except Stop as stop:
        log = stop.values.pop("log", "")
        return Verdict(exercise.id, stop.code, values=stop.values, log=log)
    return of_thing(exercise, thing, file, seed)


def of_thing(exercise: Exercise, thing: Any, file: str, seed: int) -> Verdict:
    """Judge a function or class of this process, and name its mistake.

    Args:
        exercise: What was asked.
        thing: What the learner wrote.
        file: Where it stands.
        seed: Of the inputs.

    Returns:
        The verdict.
    """
    asked = subject(exercise.battery(), thing, file)
    verdict = judge(exercise.id, exercise.battery(), asked, seed)
    return with_name(exercise, verdict, asked)


def with_name(exercise: Exercise, verdict: Verdict, asked: Subject) -> Verdict:
    """Name the mistake of a verdict, if it has one that may be known.

    Args:
        exercise: What was asked.
        verdict: How far the answer is.
        asked: The answer.

    Returns:
        The verdict, with the name of a known mistake or without.
    """
    if verdict.passed or verdict.code in ("H00", "H04", "H05"):
        return verdict
    try:
        known = name(exercise, asked, verdict.code)
    except OutOfTime:  # the fault is known; only its name is not
        known = ""
    return replace(verdict, mistake=known)


def bank(id: str) -> dict[str, list[Answer]]:
    """Return the answers of the known mistakes of an exercise."""
    return _bank(id)


def alike(one: list[Answer], two: list[Answer]) -> bool:
    """Tell whether two answers cannot be told apart."""
    return all(_alike(a, b) for a, b in zip(one, two, strict=True))


def _alike(one: Answer, two: Answer) -> bool:
    if bool(one.fault) != bool(two.fault):
        return False
    if one.fault and two.fault:
        return (one.fault.kind, one.fault.name) == (
            two.fault.kind,
            two.fault.name,
        )
    if one.touched != two.touched or one.used != two.used:
        return False
    return _equal(one.result, two.result) and _equal(
        _given(one.gradients), _given(two.gradients)
    )


def _given(gradients: tuple[Tensor | None, ...]) -> tuple[Any, ...]:
    return tuple("none" if g is None else g for g in gradients)


def _equal(one: Any, two: Any) -> bool:
    if not trees.same_form(one, two):
        return False
    pairs = zip(trees.leaves(one), trees.leaves(two), strict=True)
    for (_, a), (_, b) in pairs:
        if isinstance(a, Tensor) and (
            a.shape != b.shape or a.dtype != b.dtype or a.device != b.device
        ):
            return False
        low = isinstance(a, Tensor) and a.dtype != torch.float64
        close = CLOSE_IN_FLOAT32 if low else CLOSE
        if trees.difference(a, b, close) is not None:
            return False
    return True


_EXERCISES: dict[str, Exercise] = {}


def _put(exercise: Exercise) -> None:
    _EXERCISES[exercise.id] = exercise


@cache
def _questions(id: str) -> list[Request]:
    battery = _EXERCISES[id].battery()
    cases = list(battery.cases(Draw(SEED)))
    edges = list(battery.edges(Draw(SEED))) if battery.edges else []
    asked = []
    for number, case in enumerate([*cases, *edges]):
        places = battery.differentiated(case)
        if battery.oracle is None or number >= len(cases):
            places = ()
        asked.append(Request(case, seed=SEED + number, forbid=battery.forbid))
        if places:
            asked.append(Request(case, places, SEED + number))
    low = tuple(
        trees.change(
            cases[0],
            lambda t: t.to(torch.float32) if t.is_floating_point() else t,
        )
    )
    apart = tuple(trees.change(cases[0], scattered))
    return [*asked, Request(low), Request(apart)]


@cache
def _bank(id: str) -> dict[str, list[Answer]]:
    exercise = _EXERCISES[id]
    battery, found = exercise.battery(), {}
    for mistake in exercise.mistakes():
        file = f"<{id}: {mistake.name}>"
        source = mistake.applied(exercise.solution)
        thing = defined(compiled(source, file), source, file, exercise.name)
        found[mistake.name] = print_of(exercise, subject(battery, thing, file))
    return found
