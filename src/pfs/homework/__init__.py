"""Homework that checks itself, in a notebook and on the command line.

    import pfs.homework as hw

    hw.check("rnn.cell", RNNCell)

The command is `pfs hw`. Both keep one record of progress. Nothing is sent
anywhere.
"""

from pfs.homework.notebook import (
    Checked,
    check,
    hint,
    language,
    show,
    solution,
    status,
)

__all__ = [
    "Checked",
    "check",
    "hint",
    "language",
    "show",
    "solution",
    "status",
]
