"""Homework notebooks, made from the exercises: `python -m website.homework`.

One notebook for each unit and language. They are committed, so that a reader
can open them anywhere, and the checks see when one is not as its exercises.
"""

import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pfs import papers
from pfs.homework import exercises
from pfs.homework.exercises import Exercise, Unit
from pfs.homework.messages import say
from website import DOCS, LANGUAGES, docs_of
from website.problems import Problem
from website.strings import STRINGS


def notebooks(docs: Path = DOCS) -> dict[Path, str]:
    """Return all notebooks: where each stands, and its text."""
    return {
        docs_of(lang, docs) / "homework" / f"{unit.id}.ipynb": notebook(
            unit, lang
        )
        for unit in exercises.units().values()
        for lang in LANGUAGES
    }


def notebook(unit: Unit, lang: str) -> str:
    """Return the notebook of a unit in a language."""
    cells = [
        _text("title", _head(unit, lang)),
        _code("setup", f'import pfs.homework as hw\n\nhw.language("{lang}")'),
    ]
    for id in unit.exercises:
        cells += _exercise(exercises.load()[id], lang)
    cells.append(
        _text("status-text", f"## {_say('homework_done', lang)} {{ #done }}")
    )
    cells.append(_code("status", "hw.status()"))
    kernel = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    whole = {
        "cells": cells,
        "metadata": {
            "kernelspec": kernel,
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _head(unit: Unit, lang: str) -> str:
    title = _say("homework_title", lang, title=unit.title[lang])
    intro = _say("homework_intro", lang, id=unit.exercises[0])
    rules = say("word.rules", lang)
    parts = [f"# {title} {{ #{unit.id} }}", intro, rules]
    paper = papers.load().get(unit.id)
    if paper and paper.written:
        parts.append(_say("homework_note", lang, id=unit.id))
    return "\n\n".join(parts)


def _exercise(exercise: Exercise, lang: str) -> Iterator[dict[str, Any]]:
    name = exercise.id.split(".")[1]
    facts = _say(
        "homework_facts",
        lang,
        id=exercise.id,
        difficulty=exercise.difficulty,
        minutes=exercise.minutes,
        source=exercise.source,
    )
    parts = [
        f"## {exercise.title[lang]} {{ #{name} }}",
        exercise.task(lang).strip(),
        facts,
        *(
            f"<details><summary>{_say('homework_hint', lang, level=level)}"
            f"</summary>\n\n{hint}\n\n</details>"
            for level, hint in enumerate(exercise.hints[lang], 1)
        ),
    ]
    yield _text(f"{name}-task", "\n\n".join(parts))
    yield _code(f"{name}-answer", exercise.start.strip())
    yield _code(f"{name}-check", f'hw.check("{exercise.id}", {exercise.name})')


def path_section(lang: str) -> str:
    """Return the list of exercises, where a reader can load the progress."""
    every, units = exercises.load(), exercises.units()
    intro = _say(
        "homework_path_intro", lang, count=len(every), units=len(units)
    )
    words = {
        name: STRINGS[f"homework_{name}"][lang]
        for name in ("passed", "counted", "unreadable")
    }
    data = " ".join(f'data-{k}="{html.escape(v)}"' for k, v in words.items())
    parts = [
        f"## {_say('homework_path', lang)} {{ #homework }}",
        intro,
        f'<div class="pfs-homework" {data} markdown>',
        f"<p><label>{_say('homework_choose', lang)} "
        '<input type="file" accept=".json,application/json"></label> '
        f'<button type="button" class="md-button" hidden>'
        f"{_say('homework_forget', lang)}</button> "
        '<output aria-live="polite"></output></p>',
        "\n".join(_unit(unit, lang) for unit in units.values()),
        "</div>",
    ]
    return "\n\n".join(parts)


def _unit(unit: Unit, lang: str) -> str:
    page = f"homework/{unit.id}.ipynb"
    lines = [f"- [{unit.title[lang]}]({page})"]
    for id in unit.exercises:
        title, name = exercises.load()[id].title[lang], id.split(".")[1]
        lines.append(
            f'    - [{title}]({page}#{name}){{ data-exercise="{id}" }}'
        )
    return "\n".join(lines)


def _text(id: str, source: str) -> dict[str, Any]:
    return _cell("markdown", id, source)


def _code(id: str, source: str) -> dict[str, Any]:
    extra = {"execution_count": None, "outputs": []}
    return _cell("code", id, source) | extra


def _cell(kind: str, id: str, source: str) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    return {"cell_type": kind, "id": id, "metadata": {}, "source": lines}


def _say(key: str, lang: str, **values: object) -> str:
    return STRINGS[key][lang].format(**values)


def out_of_step(docs: Path = DOCS) -> list[Problem]:
    """Return the notebooks that are not as their exercises."""
    found = []
    wanted = notebooks(docs)
    for path, text in wanted.items():
        there = path.read_text("utf-8") if path.is_file() else ""
        if there != text:
            message = "not as its exercises: run `nox -s notebooks`"
            found.append(Problem(path, 1, message))
    for lang in LANGUAGES:
        for path in (docs_of(lang, docs) / "homework").glob("*.ipynb"):
            if path not in wanted:
                found.append(Problem(path, 1, "no unit of this name"))
    return found


def main() -> None:
    """Write every notebook that is not as its exercises."""
    for path, text in notebooks().items():
        if not path.is_file() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"wrote {path.relative_to(DOCS.parent)}")


if __name__ == "__main__":
    main()
