"""`nox -s mutants`: put every known mistake into a copy; a test must fail.

`-- --short` takes every third mistake.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants.bank import BANK, Mutant

ROOT = Path(__file__).resolve().parents[2]


def run(source: Path, tests: str) -> subprocess.CompletedProcess[str]:
    """Run tests against a copy of the package."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", tests]
    command += ["-p", "no:cacheprovider"]
    env = os.environ | {"PYTHONPATH": str(source), "PFS_SHAPES": "0"}
    env |= {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def outcome(mutant: Mutant) -> str:
    """Return how a mistake fared: caught, SURVIVED or what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "src")
        shutil.copytree(ROOT / "src" / "pfs", copy / "pfs")
        path = copy / "pfs" / mutant.file
        text = path.read_text("utf-8")
        if text.count(mutant.old) != 1:
            return f"OUT OF DATE: {text.count(mutant.old)} places in the file"
        path.write_text(text.replace(mutant.old, mutant.new), "utf-8")
        result = run(copy, mutant.tests)
    if result.returncode == 1:
        return "caught"
    if result.returncode == 0:
        return "SURVIVED"
    return f"NOT RUN: {result.stdout[-300:]}{result.stderr[-300:]}"


def main() -> int:
    """Try the mistakes and print a table."""
    parser = argparse.ArgumentParser(prog="nox -s mutants --")
    parser.add_argument("--short", action="store_true")
    bank = BANK[::3] if parser.parse_args().short else BANK
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(outcome, bank))
    for mutant, how in zip(bank, outcomes, strict=True):
        print(f"{how:10} {mutant.file:20} {mutant.mistake}")
    failed = sum(how != "caught" for how in outcomes)
    print(f"{len(bank) - failed} caught, {failed} not")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
