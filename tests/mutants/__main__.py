"""`nox -s mutants`: put every known mistake into a copy; a test must fail.

Before that the tests must pass on a copy without a mistake: tests that fail
anyway catch everything. `-- --short` takes every third mistake.
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
    command += ["-p", "no:cacheprovider", "-k", "not compiles"]
    env = os.environ | {"PYTHONPATH": str(source), "PFS_SHAPES": "0"}
    env |= {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def passes(tests: str) -> bool:
    """Return whether tests pass on a copy without a mistake."""
    with tempfile.TemporaryDirectory() as folder:
        return run(copied(folder), tests).returncode == 0


def copied(folder: str) -> Path:
    """Copy the package into a folder; return where it is imported from."""
    shutil.copytree(ROOT / "src" / "pfs", Path(folder, "src", "pfs"))
    return Path(folder, "src")


def outcome(mutant: Mutant) -> str:
    """Return how a mistake fared: caught, SURVIVED or what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        source = copied(folder)
        path = source / "pfs" / mutant.file
        text = path.read_text("utf-8")
        if text.count(mutant.old) != 1:
            return f"OUT OF DATE: {text.count(mutant.old)} places in the file"
        path.write_text(text.replace(mutant.old, mutant.new), "utf-8")
        result = run(source, mutant.tests)
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
    judges = sorted({mutant.tests for mutant in bank})
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        sound = list(pool.map(passes, judges))
        if not all(sound):
            failing = [t for t, ok in zip(judges, sound, strict=True) if not ok]
            print(f"without any mistake these fail: {', '.join(failing)}")
            return 1
        outcomes = list(pool.map(outcome, bank))
    for mutant, how in zip(bank, outcomes, strict=True):
        print(f"{how:10} {mutant.file:20} {mutant.mistake}")
    failed = sum(how != "caught" for how in outcomes)
    print(f"{len(bank) - failed} caught, {failed} not")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
