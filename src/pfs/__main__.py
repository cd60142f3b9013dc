"""The command `pfs`, also as `python -m pfs`."""

import sys
from typing import TextIO

NEEDED = ("typer", "rich")


def main() -> None:
    """Run the command line, or say how to install what it needs."""
    prepare()
    try:
        from pfs.cli import main as carry_out
    except ModuleNotFoundError as error:
        missing = (error.name or "").split(".")[0]
        if missing not in NEEDED:
            raise
        print(
            f"pfs needs the package {missing}, which is not installed:\n"
            '  pip install "papers-from-scratch[cli]"',
            file=sys.stderr,
        )
        sys.exit(1)
    sys.exit(carry_out())


def prepare() -> None:
    """Make both streams print whatever there is to say."""
    for stream in (sys.stdout, sys.stderr):
        _never_fail(stream)


def _never_fail(stream: TextIO) -> None:
    """Let a console that lacks a character show its number instead."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
