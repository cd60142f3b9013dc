"""`pfs hw lint`: what an exercise must keep before it may land."""

import itertools
import multiprocessing
import os
import re
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch

from pfs.homework import messages, naming, wire
from pfs.homework.answers import compiled, defined, subject
from pfs.homework.battery import Draw
from pfs.homework.exercises import HERE, Exercise, load, units
from pfs.homework.judge import judge
from pfs.homework.messages import LINES, lines
from pfs.homework.processes import prepare
from pfs.homework.stop import Stop
from pfs.homework.verdict import Verdict
from pfs.papers import LANGUAGES
from pfs.papers import load as papers

SEEDS: Final = 20
RIGHT, WRONG = 2, 8
SECONDS: Final = 2.0
SHARED: Final = 20
"""So many characters of code in a row give an answer away."""
SENTINEL: Final = "raise RuntimeError('the sentinel was run')\n"


@dataclass(frozen=True)
class Finding:
    """Something that must be repaired."""

    id: str
    words: str


def lint(
    exercise: Exercise, known: set[str], seeds: int = SEEDS
) -> list[Finding]:
    """Return everything that is wrong with an exercise.

    Args:
        exercise: The exercise.
        known: The ids of all exercises.
        seeds: With how many seeds a right answer must pass.

    Returns:
        What must be repaired; empty if it may land.
    """
    prepare()
    found = [*_texts(exercise, known), *_files(exercise)]
    found += [*_start(exercise), *_right(exercise, seeds)]
    found += _wrong(exercise)
    return [Finding(exercise.id, words) for words in found]


def lint_all(
    ids: Iterable[str], jobs: int | None = None, seeds: int = SEEDS
) -> list[Finding]:
    """Lint several exercises in several processes.

    Args:
        ids: The exercises.
        jobs: How many processes; one for each processor if `None`.
        seeds: With how many seeds a right answer must pass.

    Returns:
        What must be repaired.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs or os.cpu_count(), context) as pool:
        found = pool.map(_lint_one, ids, itertools.repeat(seeds))
        return [finding for findings in found for finding in findings]


def _lint_one(id: str, seeds: int) -> list[Finding]:
    return lint(load()[id], {*load()}, seeds)


def house(folder: Path = HERE) -> list[Finding]:
    """Return what is wrong between the exercises.

    Args:
        folder: Where they are.

    Returns:
        What must be repaired: folders that no unit names, units without a
        folder, needs that come later in the path.
    """
    named = [id for unit in units(folder).values() for id in unit.exercises]
    there = {
        f"{path.parent.parent.name}.{path.parent.name}"
        for path in folder.glob("*/*/task.toml")
    }
    found = [Finding(id, "no unit names it") for id in there - {*named}]
    found += [Finding(id, "no folder") for id in {*named} - there]
    for id in named:
        if id not in there:
            continue
        for need in load(folder)[id].needs:
            if need in named and named.index(need) > named.index(id):
                found.append(Finding(id, f"it needs {need}, which is later"))
    for unit in units(folder).values():
        for words in (unit.title, unit.milestone):
            if sorted(words) != sorted(LANGUAGES):
                found.append(Finding(unit.id, "a language is missing"))
    return sorted(found, key=lambda finding: finding.id)


def check(exercise: Exercise, source: str, seed: int = 0) -> Verdict:
    """Judge a source in this process, without a name for the mistake."""
    file = f"<{exercise.id}>"
    try:
        code = compiled(source, file, exercise.start)
        thing = defined(code, source, file, exercise.name)
    except Stop as stop:
        stop.values.pop("log", "")
        return Verdict(exercise.id, stop.code, values=stop.values)
    battery = exercise.battery()
    return judge(exercise.id, battery, subject(battery, thing, file), seed)


def _texts(exercise: Exercise, known: set[str]) -> Iterator[str]:
    for language in LANGUAGES:
        if not (exercise.folder / f"task.{language}.md").is_file():
            yield f"task.{language}.md is missing"
            continue
        quoted = _quoted(exercise.task(language))
        if quoted != _quoted(exercise.task("en")):
            yield f"task.{language}.md quotes other code or formulas"
        for text in (exercise.title, exercise.why):
            if not text[language].strip():
                yield f"task.toml: an empty text in {language}"
    names = set(exercise.battery().invariants)
    if names != set(exercise.invariants):
        yield f"task.toml explains {sorted(exercise.invariants)}, check.py "
        f"has {sorted(names)}"
    for name, words in exercise.invariants.items():
        if sorted(words) != sorted(LANGUAGES):
            yield f"invariant {name}: a language is missing"
    for need in exercise.needs:
        if need not in known:
            yield f"it needs {need}, which is not there"
    if exercise.paper and exercise.paper not in papers():
        yield f"there is no paper {exercise.paper}"
    for level in (0, 1):
        for language in LANGUAGES:
            if leak := _leak(exercise.hints[language][level], exercise):
                yield f"hint {level + 1} ({language}) shows {leak!r}"
    for mistake in exercise.mistakes():
        if mistake.code not in messages.load():
            yield f"{mistake.name}: there is no code {mistake.code}"


def _quoted(text: str) -> list[str]:
    """Return code and formulas, in any order: word order differs."""
    return sorted(re.findall(r"`[^`]+`|\$\$.+?\$\$|\$[^$]+\$", text, re.S))


def _leak(hint: str, exercise: Exercise) -> str:
    """Return a part of the solution that a hint shows."""
    body = exercise.solution
    for line in exercise.start.splitlines():
        body = body.replace(line, "")
    body, plain = re.sub(r"\s", "", body), re.sub(r"\s", "", hint)
    for place in range(len(body) - SHARED + 1):
        if body[place : place + SHARED] in plain:
            return body[place : place + SHARED]
    return ""


def _files(exercise: Exercise) -> Iterator[str]:
    battery = exercise.battery()
    edges = battery.edges(Draw(0)) if battery.edges else ()
    for case in [*battery.cases(Draw(0)), *edges]:
        if '"other"' in wire.pack(case)[wire.HEAD.size :].decode("latin-1"):
            yield "an argument cannot travel to a process of its own"
            break
    for name in battery.forbid:
        spaces = (torch, torch.Tensor, torch.nn.functional, torch.ops.aten)
        forms = (name, f"_{name}", f"native_{name}", f"_native_{name}")
        known = any(hasattr(s, form) for s in spaces for form in forms)
        if "." not in name and not known:
            yield f"torch has no {name!r} that could be forbidden"
    if len(exercise.right) < RIGHT:
        yield f"{len(exercise.right)} other right ways, at least {RIGHT}"
    if len(exercise.mistakes()) < WRONG:
        yield f"{len(exercise.mistakes())} mistakes, at least {WRONG}"


def _start(exercise: Exercise) -> Iterator[str]:
    verdict = check(exercise, exercise.start)
    if verdict.code != "H00":
        yield f"start.py gives {verdict.code}, not H00"
    source = exercise.start.replace("return ...", "return  ...  # begun")
    if check(exercise, source).code != "H00":
        yield "a comment in start.py counts as an answer"
    if check(exercise, SENTINEL).code != "H02":
        yield "the learner's file is not run"


def _right(exercise: Exercise, seeds: int) -> Iterator[str]:
    answers = {"solution": exercise.solution, **exercise.right}
    for name, source in answers.items():
        for seed in range(seeds):
            start = time.process_time()  # others may use the machine too
            verdict = check(exercise, source, seed)
            seconds = time.process_time() - start
            if not verdict.passed:
                said = " / ".join(lines(verdict, exercise, "en"))
                yield f"{name}, seed {seed}: {verdict.code}: {said}"
                break
            if seconds > SECONDS:
                yield f"{name} takes {seconds:.1f} s, at most {SECONDS} s"
                break


def _wrong(exercise: Exercise) -> Iterator[str]:
    for mistake in exercise.mistakes():
        source = mistake.applied(exercise.solution)
        verdict = check(exercise, source)
        if verdict.code != mistake.code:
            said = " / ".join(lines(verdict, exercise, "en"))
            yield f"{mistake.name}: {verdict.code or 'passed'}: {said}"
            continue
        named = name_of(exercise, source, verdict.code)
        if named != mistake.name:
            yield f"{mistake.name} is taken for {named or 'nothing known'}"
        for language in LANGUAGES:
            said_lines = lines(
                Verdict(
                    exercise.id,
                    verdict.code,
                    verdict.right,
                    verdict.values,
                    mistake.name,
                ),
                exercise,
                language,
            )
            if len(said_lines) > LINES:
                yield f"{mistake.name}: more than {LINES} lines"


def name_of(exercise: Exercise, source: str, code: str) -> str:
    """Name the mistake of a source."""
    file = f"<{exercise.id}>"
    thing = defined(compiled(source, file), source, file, exercise.name)
    asked = subject(exercise.battery(), thing, file)
    return naming.name(exercise, asked, code)
