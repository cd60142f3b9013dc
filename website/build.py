"""Build the three sites; a build that fails leaves the old ones alone."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from importlib.metadata import distributions
from pathlib import Path

from website import CACHE, DOCS, LANGUAGES, ROOT, generated, notebooks
from website.problems import PageError

SITE_URL = "https://papers-from-scratch.github.io/papers-from-scratch/"
SOURCES = ("docs", "src/pfs", "website", "results")
CONFIGS = {"en": "mkdocs.yml", "ko": "mkdocs.ko.yml", "zh": "mkdocs.zh.yml"}
IGNORED = ("__pycache__", ".ipynb_checkpoints")


class BuildError(Exception):
    """The site could not be built; the message says why."""


def fingerprint(site_url: str, root: Path = ROOT) -> str:
    """Return what the site depends on, in one word."""
    digest = hashlib.sha256(f"{site_url} {sys.version}".encode())
    for one in sorted(f"{d.name} {d.version}" for d in distributions()):
        digest.update(one.encode())
    files = [root / name for name in CONFIGS.values()]
    for name in SOURCES:
        files += sorted(p for p in (root / name).rglob("*") if p.is_file())
    for path in files:
        if not set(path.parts) & set(IGNORED):
            digest.update(str(path.relative_to(root)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def notes() -> list[Path]:
    """Return the English pages whose cells run."""
    return [p for p in sorted(DOCS.glob("notes/*.md")) if notebooks.is_note(p)]


def build(out: Path, site_url: str = SITE_URL, force: bool = False) -> bool:
    """Build into a folder; return whether there was anything to do.

    Args:
        out: The folder of the finished site.
        site_url: Where it will stand, with a slash at the end.
        force: Build even if nothing changed.

    Returns:
        False if the folder holds this very site already.

    Raises:
        BuildError: With everything that has to be repaired.
    """
    stamp = out / ".built"
    wanted = fingerprint(site_url)
    if not force and stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return False
    from website import lint

    problems = lint.check(ROOT)
    if problems:
        raise BuildError("\n".join(map(str, problems)))
    try:
        notebooks.execute_all(notes())
    except PageError as error:
        raise BuildError(str(error)) from None
    CACHE.mkdir(exist_ok=True)
    (CACHE / "jieba.txt").write_text(generated.jieba_dictionary(), "utf-8")
    new = CACHE / "build" / hashlib.sha256(str(out).encode()).hexdigest()[:8]
    shutil.rmtree(new, ignore_errors=True)
    _run_all(new, site_url)
    for language in LANGUAGES:
        if language != "en":
            (new / language).replace(new / "en" / language)
    (new / "en" / ".built").write_text(wanted, "utf-8")
    _swap(new / "en", out)
    shutil.rmtree(new, ignore_errors=True)
    return True


def _run_all(new: Path, site_url: str) -> None:
    """Run MkDocs once a language, at the same time."""
    env = os.environ | {
        "NO_MKDOCS_2_WARNING": "1",
        "PFS_SITE_URL": site_url,
        "PFS_SITE_URL_KO": f"{site_url}ko/",
        "PFS_SITE_URL_ZH": f"{site_url}zh/",
        "PYTHONWARNINGS": "ignore",
        "JUPYTER_PLATFORM_DIRS": "1",
    }
    running = {}
    for language, config in CONFIGS.items():
        # Not --quiet: it drops the warnings before --strict can count them.
        command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
        command += ["-f", config, "-d", str(new / language)]
        running[language] = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
    failed = []
    for language, process in running.items():
        printed, _ = process.communicate()
        if process.returncode:
            failed.append(f"[{language}] {last_words(printed)}")
    if failed:
        raise BuildError("\n".join(failed))


def last_words(printed: str) -> str:
    """Return what has to be repaired, of all that MkDocs printed."""
    lines = printed.strip().splitlines()
    ours = [line for line in lines if line.startswith("website.problems.")]
    if ours:
        return ours[-1].partition(": ")[2]
    said = [line for line in lines if line.startswith(("WARNING", "ERROR"))]
    return "\n".join(said or lines[-30:])


def _swap(new: Path, out: Path) -> None:
    """Put the new site in the place of the old one."""
    out.parent.mkdir(parents=True, exist_ok=True)
    old = out.with_name(out.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.replace(old)
    try:
        new.replace(out)
    except OSError:
        shutil.copytree(new, out)
    shutil.rmtree(old, ignore_errors=True)


def build_and_tell(out: Path, site_url: str) -> bool:
    """Build, print what happened, and return whether it went well."""
    start = time.perf_counter()
    try:
        changed = build(out, site_url)
    except BuildError as error:
        print(f"{error}\nThe site was not built.", file=sys.stderr)
        return False
    seconds = time.perf_counter() - start
    what = f"built in {seconds:.0f} s" if changed else "is up to date"
    print(f"The site {what}: {out}")
    return True
