"""What went wrong, where, what was expected, what came, and what to do.

Every error that a user can cause carries a code of `CODES` and these five
parts. It is a `ValueError` (or `TypeError`, `IndexError`, `OSError`) as well,
so code that expects Python's own errors keeps working.
"""

from typing import Final

CODES: Final = {
    "A01": "an argument is out of range",
    "A02": "an argument has the wrong type",
    "A03": "arguments contradict each other",
    "D01": "a data file cannot be fetched",
    "D02": "a download broke off",
    "D03": "a data file is not the expected one",
    "D04": "a file in the cache was damaged",
    "D05": "there is no room on the disk",
    "D06": "the folder for data cannot be written",
    "D07": "a data set cannot be fetched from here",
    "D08": "a proxy or certificate stands in the way",
    "D09": "an archive is refused",
    "D10": "another process is fetching the same file",
    "E01": "the version of a package does not fit",
    "E02": "the wanted device is not there",
    "E05": "an optional package is missing",
    "G01": "a second derivative is not available",
    "H90": "the folder of the homework cannot be used",
    "H91": "the record of progress cannot be used",
    "H92": "answers cannot be graded",
    "K01": "a registry file is not valid",
    "M01": "a saved model cannot be read",
    "M02": "a model cannot be saved",
    "S01": "tensors have different dtypes or a wrong one",
    "S02": "tensors live on different devices",
    "S05": "a sequence has no time steps",
    "S09": "an index is outside its range",
    "S14": "a tensor has the wrong shape",
    "T02": "a checkpoint cannot be written",
    "T04": "the loss or a gradient is not finite",
    "T05": "a checkpoint is damaged",
    "T06": "a checkpoint is refused",
    "T07": "the settings differ from those of the checkpoint",
    "T08": "a checkpoint has a format that is not known",
    "T11": "a process of the run died",
    "T12": "the memory is not enough",
    "X01": "a text is not UTF-8",
    "X04": "a text holds half a character",
    "X05": "cleaning would drop most of a text",
    "X06": "a text is empty or too short",
    "X08": "a symbol is not in the vocabulary",
    "X09": "a text file cannot be opened",
}
"""Every code and what it means in one line."""


class PfsError(Exception):
    """An error with a code and a way out.

    Args:
        code: A key of `CODES`.
        where: The function, argument, file or line.
        expected: What would have been right.
        got: What came instead.
        todo: What the user can do about it.

    Raises:
        KeyError: If the code is not in `CODES`.

    Examples:
        >>> raise PfsValueError(
        ...     "A01",
        ...     where="RNN, hidden_size",
        ...     expected="a whole number above 0",
        ...     got="-1",
        ...     todo="pass the number of hidden units",
        ... )
        Traceback (most recent call last):
        ...
        pfs.errors.PfsValueError: A01: an argument is out of range
          where:    RNN, hidden_size
          expected: a whole number above 0
          got:      -1
          do this:  pass the number of hidden units
          more:     pfs explain A01

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(
        self, code: str, *, where: str, expected: str, got: str, todo: str
    ) -> None:
        self.code = code
        self.where = where
        self.expected = expected
        self.got = got
        self.todo = todo
        super().__init__(
            f"{code}: {CODES[code]}\n"
            f"  where:    {where}\n"
            f"  expected: {expected}\n"
            f"  got:      {got}\n"
            f"  do this:  {todo}\n"
            f"  more:     pfs explain {code}"
        )


class PfsValueError(PfsError, ValueError):
    """A `PfsError` about a value."""


class PfsTypeError(PfsError, TypeError):
    """A `PfsError` about a type or dtype."""


class PfsIndexError(PfsError, IndexError):
    """A `PfsError` about an index."""


class PfsRuntimeError(PfsError, RuntimeError):
    """A `PfsError` about the machine: its memory, its processes."""


class PfsFileError(PfsError, OSError):
    """A `PfsError` about a file or a download."""

    def __str__(self) -> str:
        """Return the message, as `PfsError` wrote it."""
        return str(self.args[0])
