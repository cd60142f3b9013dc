"""`nox -s mutants`: put every known mistake into a copy; a test must fail.

Before that the tests must pass on a copy without a mistake: tests that fail
anyway catch everything. `-- --short` takes every sixth mistake, `-- lstm` those
in files whose names have the word.
"""

import argparse
import sys
import time

from tests.mutants.bank import BANK
from tests.mutants.judge import judge


def main() -> int:
    """Try the mistakes and print a table."""
    parser = argparse.ArgumentParser(prog="nox -s mutants --")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("words", nargs="*")
    arguments = parser.parse_args()
    bank = BANK[::6] if arguments.short else BANK
    if arguments.words:
        bank = [m for m in bank if any(w in m.file for w in arguments.words)]
    start = time.perf_counter()
    outcomes = judge(bank)
    for mutant, how in zip(bank, outcomes, strict=True):
        print(f"{how:10} {mutant.file:20} {mutant.mistake}")
    failed = sum(how != "caught" for how in outcomes)
    seconds = time.perf_counter() - start
    print(f"{len(bank) - failed} caught, {failed} not, in {seconds:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
