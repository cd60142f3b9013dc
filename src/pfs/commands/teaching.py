"""`pfs hw` for those who teach and write exercises, and `pfs hw doctor`."""

import os
import secrets
import tempfile
import time
from pathlib import Path
from typing import Final

from pfs.commands.terminal import columns, near, out
from pfs.commands.words import language
from pfs.homework import exercises
from pfs.homework.grades import Graded
from pfs.homework.messages import say

PROTECTS: Final = ("network", "processes", "user", "disk", "files")


def doctor() -> int:
    """Check the checker on this machine: a right and a wrong answer."""
    from pfs.homework import processes, progress

    exercise = next(iter(exercises.load().values()))
    rows, fine = [], True
    rows.append(("progress.json", str(progress.place())))
    progress.load()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (
            ("solution", exercise.solution),
            ("start", exercise.start),
        ):
            file = Path(folder, f"{name}.py")
            file.write_text(text, "utf-8")
            for fork in (False, True) if hasattr(os, "fork") else (False,):
                begin = time.perf_counter()
                verdict = processes.judged(exercise, file, fork=fork)
                seconds = time.perf_counter() - begin
                right = verdict.code == ("" if name == "solution" else "H00")
                fine = fine and right
                how = "fork" if fork else "spawn"
                word = "word.pass" if right else "word.fail"
                rows.append(
                    (
                        f"{exercise.id}, {name}, {how}",
                        f"{say(word, language())}  {seconds:.2f} s",
                    )
                )
    columns(rows)
    return 0 if fine else 1


def lint(ids: list[str], seeds: int) -> int:
    """Judge the exercises themselves.

    Args:
        ids: Exercises or units; all if empty.
        seeds: With how many seeds a right answer must pass.

    Returns:
        The exit code: 1 if something must be repaired.

    Source:
        This project.

    Differs:
        nothing
    """
    from pfs.homework import lint as gate

    chosen = exercises.chosen(ids or ["all"])
    found = [*gate.house()] if not ids else []
    found += gate.lint_all((one.id for one in chosen), seeds=seeds)
    for finding in found:
        out.print(f"{finding.id}: {finding.words}", soft_wrap=True)
    _print("word.linted", count=len(chosen), found=len(found))
    return 1 if found else 0


def grade(
    folder: Path,
    ids: list[str],
    results: Path | None,
    jobs: int,
    key: str,
    single: bool,
) -> int:
    """Grade a folder of submissions.

    Args:
        folder: With a folder for each student.
        ids: Exercises or units; all if empty.
        results: Where the results go.
        jobs: How many at once.
        key: The secret of the course; a random one if empty.
        single: Whether it is the folder of one student.

    Returns:
        The exit code: 1 if something could not be graded.

    Source:
        This project.

    Differs:
        nothing
    """
    from pfs.homework import grading

    key = key or secrets.token_hex(8)
    shown = False

    def tell(graded: Graded) -> None:
        nonlocal shown
        if not shown:
            shown = True
            _protection(graded.protects)
        _print(
            "word.student",
            student=graded.student,
            score=graded.score,
            most=graded.most,
        )

    chosen = [one.id for one in exercises.chosen(ids or ["all"])]
    results = folder.resolve().parent / "grades" if results is None else results
    grades = grading.grade(
        folder, chosen, results, jobs, key, language(), single, tell
    )
    rows = [
        (
            graded.student,
            f"{graded.score:g}/{graded.most:g}",
            " ".join(g.id for g in graded.grades if g.unusual),
        )
        for graded in grades
    ]
    out.print()
    columns(rows)
    left = sum(g.code == "ungraded" for graded in grades for g in graded.grades)
    if left:
        _print("word.left", count=left)
    _print("word.graded", count=len(grades), folder=near(results), key=key)
    return 1 if left else 0


def export(to: Path, ids: list[str], key: str) -> None:
    """Write an autograder for Gradescope.

    Args:
        to: The zip file.
        ids: Exercises or units; all if empty.
        key: The secret of the course; a random one if empty.

    Source:
        This project.

    Differs:
        nothing
    """
    from pfs.homework import gradescope

    chosen = [one.id for one in exercises.chosen(ids or ["all"])]
    gradescope.export(to, chosen, key or secrets.token_hex(8), language())
    _print("word.exported", file=to, count=len(chosen))


def _protection(what: tuple[str, ...]) -> None:
    """Say plainly what strangers' code is kept from here."""
    comma = "、" if language() == "zh" else ", "
    names = {name: say(f"protects.{name}", language()) for name in PROTECTS}
    inside = comma.join(names[name] for name in PROTECTS if name in what)
    rest = comma.join(names[name] for name in PROTECTS if name not in what)
    _print("word.protected", what=inside or "–", rest=rest or "–")


def _print(id: str, /, **values: object) -> None:
    out.print(say(id, language(), **values), soft_wrap=True)
