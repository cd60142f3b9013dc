"""The first thing that is not right, and what a fault means."""

import re
from typing import Any, Final

from pfs.homework.subject import Fault

READS: Final = re.compile(r"item|numpy|out of meta|is_nonzero|equal\(", re.I)
"""What torch says when numbers of a tensor on `meta` are read."""


class Stop(Exception):
    """The first thing that is not right.

    Args:
        code: Of `messages.toml`.
        values: What its message says.
    """

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def stop_of(fault: Fault, code: str, **values: Any) -> Stop:
    """Return what a fault means.

    Args:
        fault: What the learner's code raised.
        code: If it is nothing special.
        values: For the message.

    Returns:
        The stop, with line, text and the whole traceback.
    """
    error = f"{fault.name}: {fault.message}" if fault.message else fault.name
    values |= {"text": fault.text, "log": fault.log, "error": error}
    values["line"] = str(fault.line or "")
    special = {
        "signature": "H04",
        "parameters": "H61",
        "module": "H62",
        "memory": "H07",
        "time": "H05",
        "ended": "H08",
    }
    if fault.kind == "parameters":
        values["expected"], _, values["got"] = fault.message.partition(" | ")
    elif fault.kind in ("signature", "ended"):
        values["error"] = fault.message
    elif code == "H14" and READS.search(error):
        code = "H15"
    return Stop(special.get(fault.kind, code), **values)
