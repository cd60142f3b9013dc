"""Try mistakes on copies of the package and say which a test catches.

The copies are judged in processes of their own that live as long as the run:
torch and pytest are loaded once, the package and its tests every time.
"""

import contextlib
import io
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.mutants.bank import Mutant

ROOT = Path(__file__).resolve().parents[2]
OURS = ("pfs", "conftest", "contract", "loopback", "tests", "training")
OURS += ("recurrent_contract", "translation_contract", "twins", "contrastive")


def judge(bank: list[Mutant]) -> list[str]:
    """Return how each mistake fared; the tests must pass without it."""
    with ProcessPoolExecutor(
        os.cpu_count(), multiprocessing.get_context("spawn"), prepare
    ) as pool:
        files = sorted({mutant.tests for mutant in bank})
        for tests, said in zip(files, pool.map(unharmed, files), strict=True):
            if said:
                raise SystemExit(f"{tests} fails without a mistake:\n{said}")
        return list(pool.map(outcome, bank))


def prepare() -> None:
    """Load, once in every worker, what no mistake touches."""
    os.environ["PFS_SHAPES"] = "0"
    sys.dont_write_bytecode = True
    os.chdir(ROOT)
    import hypothesis  # noqa: F401
    import torch

    torch.set_num_threads(1)


def unharmed(tests: str) -> str:
    """Return what tests say of a copy without a mistake: nothing is right."""
    with copy() as source:
        code, said = run(source, tests)
    return said if code else ""


def outcome(mutant: Mutant) -> str:
    """Return how a mistake fared: caught, SURVIVED or what went wrong."""
    with copy() as source:
        path = source / "pfs" / mutant.file
        text = path.read_text("utf-8")
        if text.count(mutant.old) != 1:
            return f"OUT OF DATE: {text.count(mutant.old)} places in the file"
        path.write_text(text.replace(mutant.old, mutant.new), "utf-8")
        code, said = run(source, mutant.tests)
    return {0: "SURVIVED", 1: "caught"}.get(code, f"NOT RUN: {said[-400:]}")


@contextlib.contextmanager
def copy() -> Iterator[Path]:
    """Copy the package; give the folder that it is imported from."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "src" / "pfs", Path(folder, "pfs"))
        yield Path(folder)


def run(source: Path, tests: str) -> tuple[int, str]:
    """Run tests against a copy of the package, as in a fresh process."""
    import pytest
    import torch

    # What is started in its own process would cost more than it catches.
    options = ["-x", "-q", "-p", "no:cacheprovider", "-k", "not compiles"]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    said = io.StringIO()
    forget(sys.modules)
    torch.manual_seed(0)
    sys.path.insert(0, str(source))
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(source)  # for what the tests start
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = int(pytest.main([*options, tests]))
        used = sys.modules.get("pfs")
        assert used is None or str(used.__file__).startswith(str(source))
    finally:
        sys.path.remove(str(source))
        os.environ["PYTHONPATH"] = before or ""
    return code, said.getvalue()


def forget(names: Iterable[str]) -> None:
    """Make the next import load the package and its tests anew."""
    for name in list(names):
        if name.split(".")[0] in OURS and not name.startswith("tests.mutants"):
            del sys.modules[name]
