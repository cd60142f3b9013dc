"""A whole build stops at a planted fault, and falls back where it may."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from website.chrome import FALLBACK

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = (
    ".git",
    ".nox",
    "site",
    "browser",
    "serve",
    "build",
    "runs",
    "tests",
)


@pytest.fixture
def copy(site, tmp_path):
    """A copy of the project, with the outputs of the cells."""
    ignore = shutil.ignore_patterns(*LEFT_OUT, "__pycache__", "*.egg-info")
    shutil.copytree(ROOT, tmp_path / "copy", ignore=ignore)
    return tmp_path / "copy"


def build(copy):
    env = os.environ | {"PYTHONPATH": str(copy / "src")}
    return subprocess.run(
        [sys.executable, "-m", "website", "build", "--out", "out"],
        cwd=copy,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("](notes/rnn.md)", "](notes/rnm.md)", "notes/rnm.md"),
        ("](errata.md)", "](errata.md#nothing)", "nothing"),
        ("## Take part", "$\\frac{1$\n\n## Take part", "docs/index.md:"),
        ("## Take part", "[`X`][pfs.nn.X]\n\n## Take part", "pfs.nn.X"),
    ],
)
def test_a_fault_stops_the_build_and_is_named(old, new, words, copy):
    """In the English page alone; its translations are taken away."""
    for language in ("ko", "zh"):
        (copy / "docs" / language / "index.md").unlink()
    change(copy / "docs" / "index.md", old, new)
    result = build(copy)
    assert result.returncode == 1
    assert words in result.stderr
    assert "The site was not built." in result.stderr
    assert not (copy / "out").exists()


def test_a_page_without_translation_shows_english_and_says_so(copy):
    (copy / "docs" / "ko" / "contributing.md").unlink()
    result = build(copy)
    assert result.returncode == 0, result.stderr
    page = (copy / "out/ko/contributing/index.html").read_text("utf-8")
    assert FALLBACK["ko"] in page
    assert '<div lang="en">' in page
    assert "Fix a sentence or a translation" in page
    assert 'rel="canonical"' in page
    sitemap = (copy / "out/ko/sitemap.xml").read_text("utf-8")
    entry = sitemap.split("ko/contributing/")[1].split("</url>")[0]
    assert "hreflang" not in entry
