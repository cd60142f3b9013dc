"""Teacher's mode: grade what students handed in.

Every submission runs in a limited process of its own; the comparison happens
here, in the process that holds the oracle and the seeds. Results are written
from the beginning, so there are always some, whatever happens.
"""

import hashlib
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pfs.errors import PfsError, PfsValueError
from pfs.homework import exercises, reports
from pfs.homework.exercises import Exercise
from pfs.homework.grades import Grade, Graded, missing, points, said, ungraded
from pfs.homework.handed_in import Submission, submissions, unusual
from pfs.homework.verdict import Verdict

if TYPE_CHECKING:
    import pfs.homework.remote


def grade(
    folder: Path,
    ids: Sequence[str] = (),
    out: Path | None = None,
    jobs: int = 2,
    key: str = "",
    language: str = "en",
    single: bool = False,
    tell: Callable[[Graded], None] | None = None,
) -> list[Graded]:
    """Grade the submissions of a folder.

    Args:
        folder: With a folder for each student.
        ids: Exercises; all if empty.
        out: Where the results go: `STUDENT/results.json` for Gradescope,
            `junit.xml`, `grades.csv`; `grades` beside the folder if `None`.
        jobs: How many submissions at once.
        key: A secret; with the student's name it decides the inputs.
        language: Of the messages.
        single: Whether the folder is that of one student; then the file for
            Gradescope is `results.json`.
        tell: Called with every student that is done.

    Returns:
        The grades, by student.

    Raises:
        OSError: H92 if there are no submissions.
        RuntimeError: H92 if this system cannot confine a process.
        ValueError: A01 if an exercise is not there, or `jobs` is below 1.
    """
    if jobs < 1:
        raise PfsValueError(
            "A01",
            where="pfs hw grade --jobs",
            expected="at least 1",
            got=str(jobs),
            todo="as many as there are processors",
        )
    chosen = [exercises.pick(id).id for id in ids] or list(exercises.load())
    every = submissions(folder, single)
    out = folder.resolve().parent / "grades" if out is None else out
    done = {one.student: ungraded(one, chosen, language) for one in every}
    write = reports.Reports(out, single)
    write.all(list(done.values()))
    tasks = [
        (one, chosen, key, language, number) for number, one in enumerate(every)
    ]
    try:
        for graded in _in_processes(tasks, jobs):
            done[graded.student] = graded
            write.one(graded)
            if tell:
                tell(graded)
    finally:
        write.all(list(done.values()))
    return list(done.values())


Task = tuple[Submission, list[str], str, str, int]


def _in_processes(tasks: list[Task], jobs: int) -> Iterator[Graded]:
    """Grade in several processes; one that dies is tried once more, alone."""
    context = multiprocessing.get_context("spawn")
    left = {task[0].student: task for task in tasks}
    try:
        with ProcessPoolExecutor(min(jobs, len(tasks)), context) as pool:
            for future in as_completed(pool.submit(one, t) for t in tasks):
                graded = future.result()
                del left[graded.student]
                yield graded
    except BrokenProcessPool:
        for task in left.values():
            try:
                with ProcessPoolExecutor(1, context) as pool:
                    yield pool.submit(one, task).result()
            except BrokenProcessPool:
                continue


def one(task: Task) -> Graded:
    """Grade one submission.

    Args:
        task: Submission, exercises, key, language, and a number of its own.

    Returns:
        Its grades.
    """
    import torch

    from pfs.homework.remote import Confined

    submission, ids, key, language, number = task
    torch.set_num_threads(1)
    found = []
    with Confined(number % 4_000) as confined:
        for id in ids:
            exercise = exercises.load()[id]
            source = submission.source(exercise, ids)
            if source is None:
                found.append(missing(exercise, language))
                continue
            seed = seed_of(key, submission.student, id)
            found.append(_graded(confined, exercise, source, seed, language))
        return Graded(submission.student, tuple(found), confined.protects)


def _graded(
    confined: "pfs.homework.remote.Confined",
    exercise: Exercise,
    source: str,
    seed: int,
    language: str,
) -> Grade:
    """Grade one answer; whatever it sends, the others are graded as well."""
    begin = time.perf_counter()
    try:
        verdict = _judged(confined, exercise, source, seed)
        text = said(exercise, verdict, language)
    except PfsError:
        raise
    except Exception as error:
        confined.stop()
        values = {"error": type(error).__name__}
        verdict = Verdict(exercise.id, "H08", values=values)
        text = said(exercise, verdict, language)
    return Grade(
        exercise.id,
        exercise.title[language],
        verdict.code,
        points(exercise, verdict),
        text,
        time.perf_counter() - begin,
        tuple(unusual(source)),
    )


def _judged(
    confined: "pfs.homework.remote.Confined",
    exercise: Exercise,
    source: str,
    seed: int,
) -> Verdict:
    from pfs.homework import naming
    from pfs.homework.judge import judge
    from pfs.homework.remote import PRINTED
    from pfs.homework.stop import Stop

    with tempfile.TemporaryFile() as printed:
        try:
            remote = confined.begin(exercise, source, printed)
            verdict = judge(exercise.id, exercise.battery(), remote, seed)
            if verdict.code and verdict.code not in ("H00", "H04", "H05"):
                try:
                    known = naming.name(exercise, remote, verdict.code)
                except Stop:
                    known = ""
                verdict = replace(verdict, mistake=known)
        except Stop as stop:
            stop.values.pop("log", "")
            verdict = Verdict(exercise.id, stop.code, values=stop.values)
        except Exception as error:  # no answer may stop the grading
            values = {"error": f"{type(error).__name__}: {error}"[:200]}
            verdict = Verdict(exercise.id, "H08", values=values)
        fate = confined.end()
        if verdict.code == "H08":
            verdict = replace(verdict, values={"error": fate})
        printed.seek(0)
        text = printed.read(4 * PRINTED).decode("utf-8", "replace")
    return replace(verdict, printed=text[:PRINTED])


def seed_of(key: str, student: str, id: str) -> int:
    """Return the seed of a student's inputs.

    Args:
        key: The secret of the course.
        student: Name of the folder.
        id: Of the exercise.

    Returns:
        A number below 2³¹.
    """
    text = "\0".join((key, student, id)).encode("utf-8", "surrogateescape")
    return int(hashlib.sha256(text).hexdigest(), 16) % 2**31
