"""Everything that can be done here: `python -m nox -l` lists it.

All sessions share one environment, `.nox/pfs`: torch is large, and what the
tests check should be what the site runs. It is installed again only when
`pyproject.toml` or `constraints.txt` changed.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

import nox

ROOT = Path(__file__).resolve().parent
HOME = ROOT / ".nox" / "pfs"
PYTHON = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
TORCH = "torch==2.13.0"

nox.options.sessions = ["tests", "lint", "types", "check", "site"]
nox.options.default_venv_backend = "none"


def environment(session: nox.Session) -> None:
    """Make `.nox/pfs`, or leave it alone if it is up to date."""
    recipe = hashlib.sha256(sys.version.encode())
    for name in ("pyproject.toml", "constraints.txt"):
        recipe.update((ROOT / name).read_bytes())
    stamp = HOME / "installed"
    if stamp.is_file() and stamp.read_text("utf-8") == recipe.hexdigest():
        return
    if HOME.exists():
        shutil.rmtree(HOME)
    session.run(sys.executable, "-m", "venv", str(HOME), external=True)
    pip = ("-m", "pip", "--disable-pip-version-check", "install", "-q")
    run(session, *pip, TORCH, "-c", "constraints.txt")
    run(session, *pip, "-e", ".[dev]", "-c", "constraints.txt")
    stamp.write_text(recipe.hexdigest(), "utf-8")


def run(session: nox.Session, *arguments: str, **env: str) -> None:
    """Run Python of the shared environment."""
    session.run(str(PYTHON), *arguments, external=True, env=env)


@nox.session
def tests(session: nox.Session) -> None:
    """Test the package, its documentation and the site's machinery."""
    environment(session)
    run(session, "-m", "pytest", *session.posargs, OMP_NUM_THREADS="1")
    if (
        not session.posargs
    ):  # errors, as a user without a shape checker sees them
        files = sorted(str(p) for p in (ROOT / "tests").rglob("test_errors.py"))
        run(session, "-m", "pytest", *files, PFS_SHAPES="0")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format (ruff)."""
    environment(session)
    run(session, "-m", "ruff", "check", ".")
    run(session, "-m", "ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types (mypy, strict)."""
    environment(session)
    run(session, "-m", "mypy")


@nox.session
def check(session: nox.Session) -> None:
    """Check the pages: ids, translations in step, terms, numbers, links."""
    environment(session)
    run(session, "-m", "website.lint")


@nox.session
def site(session: nox.Session) -> None:
    """Build the site in three languages into `site/`."""
    environment(session)
    run(session, "-m", "website", "build", *session.posargs)


@nox.session
def serve(session: nox.Session) -> None:
    """Build the site, serve it on this machine, rebuild on every change."""
    environment(session)
    run(session, "-m", "website", "serve", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Use the site in a real browser (needs chromium and CJK fonts)."""
    environment(session)
    run(
        session,
        *("-m", "pytest", "tests/site", *session.posargs),
        PFS_BROWSER="1",
        PFS_SHAPES="0",
    )


@nox.session
def faults(session: nox.Session) -> None:
    """Kill, cut and damage runs hundreds of times: nothing may be lost."""
    environment(session)
    run(
        session,
        *("-m", "pytest", "tests/faults", "tests/data"),
        *("tests/training/test_checkpoint.py", *session.posargs),
        PFS_FAULTS="1",
        OMP_NUM_THREADS="1",
    )


@nox.session
def mutants(session: nox.Session) -> None:
    """Put each known mistake into the code: a test must catch it."""
    environment(session)
    run(session, "-m", "tests.mutants", *session.posargs, OMP_NUM_THREADS="1")


@nox.session
def homework(session: nox.Session) -> None:
    """Judge the exercises and the checker; `-- --short` for a part of it."""
    environment(session)
    seeds = ("--seeds", "4") if "--short" in session.posargs else ()
    run(session, "-m", "pfs", "hw", "lint", *seeds, OMP_NUM_THREADS="1")
    run(
        session,
        *("-m", "tests.homework.proof", *session.posargs),
        OMP_NUM_THREADS="1",
    )


@nox.session
def notebooks(session: nox.Session) -> None:
    """Write the homework notebooks anew, from the exercises."""
    environment(session)
    run(session, "-m", "website.homework", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Compare our speed with torch's, in one process, as ratios."""
    environment(session)
    run(session, "-m", "benchmarks", *session.posargs)


@nox.session
def translations(session: nox.Session) -> None:
    """Show stale translations; `-- stamp FILE`, `-- start FILE`."""
    environment(session)
    run(session, "-m", "website.translations", *(session.posargs or ["status"]))


@nox.session
def paper(session: nox.Session) -> None:
    """Lay out the empty rooms of a planned paper: `-- lenet`."""
    environment(session)
    run(session, "-m", "website.new_paper", *session.posargs)
