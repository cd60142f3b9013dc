"""`pfs hw` for learners: watch, check, hint, solution, report."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Final

from rich.markdown import Markdown

from pfs.commands.terminal import columns, near, out
from pfs.commands.verdicts import show_verdict
from pfs.commands.words import asked, language, use
from pfs.homework import exercises, progress, workspace
from pfs.homework.exercises import Exercise
from pfs.homework.messages import say
from pfs.homework.verdict import Verdict
from pfs.homework.workspace import Workspace

PAUSE: Final = 0.02
"""Seconds between two looks at the files."""


def start(folder: Path | None) -> None:
    """Lay out a folder and show the first exercise."""
    if not asked() and sys.stdin.isatty() and out.is_terminal:
        out.print(say("word.choose-language", language()))
        answer = {"1": "en", "2": "ko", "3": "zh"}.get(input("> ").strip())
        use(answer or language())
    made = workspace.start(folder or Path(workspace.FOLDER), language())
    count = len(exercises.load())
    _print("word.made", folder=made.folder, count=count)
    _tell_next(made)


def watch(verbose: bool) -> None:
    """Check every file that is saved, until Ctrl-C."""
    from pfs.homework import processes

    here = _here()
    files = {here.file(id): id for id in exercises.load()}
    for exercise in exercises.load().values():
        workspace.lay_out(here, exercise)
    seen = {file: _stamp(file) for file in files}
    processes.prepare(_next())
    _tell_next(here)
    while True:
        time.sleep(PAUSE)
        for file, id in files.items():
            stamp = _stamp(file)
            if stamp != seen[file]:
                seen[file] = stamp
                if stamp is not None and stamp[1]:
                    verdict = _judge(here, exercises.load()[id])
                    show_verdict(verdict, verbose)
                    if verdict.passed:
                        _tell_passed(id)
                        _tell_next(here)
                        processes.prepare(_next())


def check(ids: list[str], verbose: bool) -> int:
    """Check answers; the exit code is 1 if one is not right."""
    here = _here()
    chosen = exercises.chosen(ids) if ids else [_current(here)]
    right = True
    for exercise in chosen:
        verdict = _judge(here, exercise)
        show_verdict(verdict, verbose)
        right = right and verdict.passed
    return 0 if right else 1


def list_exercises() -> None:
    """Print all exercises, and how far each is."""
    _language_of_folder()
    done = progress.load()
    rows = []
    for unit in exercises.units().values():
        for id in unit.exercises:
            one = exercises.load()[id]
            record = done.get(id)
            mark = "" if record is None else _state(record)
            minutes = say("word.minutes", language(), minutes=one.minutes)
            rows.append((id, one.title[language()], minutes, mark))
    columns(rows)


def next_exercise() -> None:
    """Show the first exercise that is not done."""
    here = _here()
    _tell_next(here)
    if _left():
        show(_left()[0])


def show(id: str | None) -> None:
    """Print the task of an exercise."""
    exercise = _exercise(id)
    text = f"# {exercise.id}: {exercise.title[language()]}\n\n"
    text += exercise.task(language())
    if out.is_terminal:
        out.print(Markdown(text))
    else:
        out.print(text.strip())
    _print("word.source", source=exercise.source)


def hint(id: str | None) -> None:
    """Print the next hint."""
    exercise = _exercise(id)
    shown = progress.hinted(exercise.id)
    for level in range(shown):
        text = exercise.hints[language()][level]
        _print("word.hint", level=level + 1, text=text)
    if shown == exercises.HINTS and not progress.passed(
        progress.load(), exercise.id
    ):
        _print("word.last-hint", id=exercise.id)


def solution(id: str | None, give_up: bool) -> int:
    """Print the solution after passing, or after giving up."""
    exercise = _exercise(id)
    if not progress.may_see(exercise.id, give_up):
        _print("word.not-yet")
        return 1
    out.print(exercise.solution.strip(), soft_wrap=True)
    out.print()
    _print("word.why")
    out.print(exercise.why[language()], soft_wrap=False)
    return 0


def reset(id: str) -> None:
    """Begin an exercise anew; what was written is kept."""
    here = _here()
    exercise = exercises.pick(id)
    kept = workspace.reset(here, exercise)
    if kept is None:
        _print("word.reset-empty", id=exercise.id)
    else:
        _print("word.reset", id=exercise.id, file=kept)


def report(as_json: bool) -> None:
    """Print how far the units are."""
    _language_of_folder()
    done = progress.load()
    if as_json:
        table = {id: asdict(record) for id, record in done.items()}
        print(json.dumps(table, indent=1), file=out.file)
        return
    rows = []
    for unit in exercises.units().values():
        passed = [id for id in unit.exercises if progress.passed(done, id)]
        whole = len(passed) == len(unit.exercises)
        rows.append(
            (
                unit.id,
                unit.title[language()],
                say(
                    "word.done-of",
                    language(),
                    done=len(passed),
                    count=len(unit.exercises),
                ),
                unit.milestone[language()] if whole else "",
            )
        )
    columns(rows)


def _judge(here: Workspace, exercise: Exercise) -> Verdict:
    from pfs.homework import processes

    file = here.file(exercise.id)
    if not file.is_file():
        workspace.lay_out(here, exercise)
    verdict = processes.judged(exercise, file)
    if verdict.code != "H00":
        progress.checked(exercise.id, verdict.passed)
    return verdict


def _tell_passed(id: str) -> None:
    unit = exercises.units()[id.split(".")[0]]
    done = progress.load()
    if all(progress.passed(done, one) for one in unit.exercises):
        _print("word.milestone", text=unit.milestone[language()])


def _tell_next(here: Workspace) -> None:
    left = _left()
    if not left:
        _print("word.all-done", count=len(exercises.load()))
        return
    one = exercises.load()[left[0]]
    workspace.lay_out(here, one)
    _print("word.next", id=one.id, title=one.title[language()])
    _print("word.waiting", file=near(here.file(one.id)))


def _left() -> list[str]:
    done = progress.load()
    return [id for id in exercises.load() if not progress.passed(done, id)]


def _next() -> Exercise | None:
    left = _left()
    return exercises.load()[left[0]] if left else None


def _current(here: Workspace) -> Exercise:
    """Return the exercise that was saved last, or the next one."""
    stamps = {id: _stamp(here.file(id)) for id in _left()}
    begun = [id for id in stamps if _is_begun(here, id)]
    if begun:
        return exercises.load()[max(begun, key=lambda id: stamps[id] or (0, 0))]
    left = _left()
    return exercises.load()[left[0] if left else next(iter(exercises.load()))]


def _is_begun(here: Workspace, id: str) -> bool:
    file = here.file(id)
    if not file.is_file():
        return False
    text = workspace.headed(exercises.load()[id], here.language or language())
    return file.read_text("utf-8", errors="replace") != text


def _exercise(id: str | None) -> Exercise:
    if id is not None:
        _language_of_folder()
        return exercises.pick(id)
    return _current(_here())


def _here() -> Workspace:
    here = workspace.find()
    if not asked() and here.language:
        use(here.language)
    return here


def _language_of_folder() -> None:
    """Speak the language of the folder, if there is one."""
    try:
        _here()
    except OSError:
        return


def _state(record: progress.Record) -> str:
    if record.state != "passed":
        return say("word.begun", language())
    words = say("word.passed-on", language(), date=record.passed)
    if record.gave_up:
        comma = "，" if language() == "zh" else ", "
        words += f"{comma}{say('word.gave-up', language())}"
    return words


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _print(id: str, /, **values: object) -> None:
    out.print(say(id, language(), **values))
