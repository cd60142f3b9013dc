"""A process that judges one file: `python -m pfs.homework.child ANSWER`.

Reads the task from stdin and writes the verdict to the file ANSWER.
"""

import json
import sys
import threading
from pathlib import Path


def main() -> None:
    """Judge one file."""
    from pfs.homework.exercises import read
    from pfs.homework.processes import GRACE, answer_of, prepare
    from pfs.homework.verdict import Verdict

    task = json.load(sys.stdin)
    exercise = read(Path(task["folder"]), task["id"])
    place = Path(sys.argv[1])

    def late() -> None:  # where the system has no alarm
        import os

        verdict = Verdict(exercise.id, "H05")
        place.write_text(json.dumps(verdict.plain()), "utf-8")
        os._exit(0)

    prepare(exercise)
    timer = threading.Timer(exercise.seconds + GRACE, late)
    timer.daemon = True
    timer.start()
    verdict = answer_of(task, exercise)
    timer.cancel()
    place.write_text(json.dumps(verdict.plain()), "utf-8")


if __name__ == "__main__":
    main()
