"""Grades as files: for Gradescope, for JUnit readers, and as a table."""

import csv
import io
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from pfs.errors import PfsFileError
from pfs.homework.grades import Graded

FORBIDDEN: Final = re.compile(
    r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
COMPUTED: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet computes."""


class Reports:
    """The files of one run of grading.

    Args:
        folder: Where they go.
        single: Whether there is one student only; then the file of Gradescope
            is `results.json`, where its machines look for it.

    Raises:
        OSError: H92 if the folder cannot be written.
    """

    def __init__(self, folder: Path, single: bool = False) -> None:
        self.folder = folder
        self.single = single
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _refused(folder, error) from None

    def one(self, graded: Graded) -> None:
        """Write the file of one student."""
        name = "" if self.single else graded.student
        text = json.dumps(gradescope(graded), ensure_ascii=False, indent=1)
        self._write(self.folder / name / "results.json", text + "\n")

    def all(self, grades: Sequence[Graded]) -> None:
        """Write the files of all students, and those for all."""
        for graded in grades:
            self.one(graded)
        self._write(self.folder / "junit.xml", junit(grades))
        self._write(self.folder / "grades.csv", table(grades))

    def _write(self, path: Path, text: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.part")
            beside.write_text(text, "utf-8")
            os.replace(beside, path)
        except OSError as error:
            raise _refused(path, error) from None


def gradescope(graded: Graded) -> dict[str, Any]:
    """Return what Gradescope's `results.json` holds.

    Args:
        graded: The grades of one student.

    Returns:
        A table that JSON can hold, with one test for each exercise.

    Source:
        Gradescope, Autograder Specifications.
    """
    return {
        "score": graded.score,
        "execution_time": round(sum(g.seconds for g in graded.grades), 3),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "visibility": "visible",
        "tests": [
            {
                "name": f"{grade.id}: {grade.title}",
                "number": grade.id,
                "score": grade.score,
                "max_score": graded.most / len(graded.grades),
                "status": "passed" if grade.passed else "failed",
                "output": plain(grade.output),
                "tags": [grade.id.split(".")[0]],
                "visibility": "visible",
            }
            for grade in graded.grades
        ],
    }


def junit(grades: Sequence[Graded]) -> str:
    """Return the grades as JUnit XML.

    Args:
        grades: Of all students.

    Returns:
        One `testsuite` for each student, one `testcase` for each exercise.
    """
    root = ElementTree.Element("testsuites")
    for graded in grades:
        failed = [grade for grade in graded.grades if not grade.passed]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=plain(graded.student),
            tests=str(len(graded.grades)),
            failures=str(len(failed)),
            errors="0",
            time=f"{sum(g.seconds for g in graded.grades):.3f}",
        )
        for grade in graded.grades:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                classname=grade.id.split(".")[0],
                name=grade.id,
                time=f"{grade.seconds:.3f}",
            )
            if not grade.passed:
                first = plain(grade.output).split("\n")[0]
                failure = ElementTree.SubElement(
                    case, "failure", message=first, type=grade.code
                )
                failure.text = plain(grade.output)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def table(grades: Sequence[Graded]) -> str:
    """Return the grades as CSV, one line for each student and exercise.

    Args:
        grades: Of all students.

    Returns:
        The text; a name that a spreadsheet would compute is quoted.
    """
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n")
    write.writerow(
        [
            "student",
            "exercise",
            "score",
            "max_score",
            "code",
            "seconds",
            "unusual",
        ]
    )
    for graded in grades:
        for grade in graded.grades:
            write.writerow(
                [
                    _cell(graded.student),
                    grade.id,
                    grade.score,
                    graded.most / len(graded.grades),
                    grade.code or "passed",
                    f"{grade.seconds:.2f}",
                    _cell(" ".join(grade.unusual)),
                ]
            )
    return text.getvalue()


def plain(text: str) -> str:
    """Return a text without the characters that XML forbids."""
    return FORBIDDEN.sub("?", text)


def _cell(text: str) -> str:
    text = re.sub(r"\s", " ", plain(text))
    return f"'{text}" if text.lstrip().startswith(COMPUTED) else text


def _refused(path: Path, error: OSError) -> PfsFileError:
    return PfsFileError(
        "H92",
        where=str(path),
        expected="a place where results can be written",
        got=error.strerror or str(error),
        todo="name another one: --out DIR",
    )
