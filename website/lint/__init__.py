"""Checks of the pages; what they find stops the build.

`python -m website.lint` prints every problem with file and line. Nothing here
needs MkDocs: a page is a string, a tree is a folder.
"""

from pathlib import Path

from pfs import papers
from website import LANGUAGES, ROOT, docs_of
from website.lint.homework import homework
from website.lint.links import links
from website.lint.pages import note, page
from website.lint.step import orphans, translation
from website.problems import Problem
from website.translations import pairs


def check(root: Path = ROOT) -> list[Problem]:
    """Return everything that is wrong with the pages.

    Args:
        root: A tree with `docs/`, as this project's.

    Returns:
        Problems, by file and line.
    """
    docs = root / "docs"
    problems: list[Problem] = []
    for language in LANGUAGES:
        folder = docs_of(language, docs)
        for path in sorted(folder.rglob("*.md")):
            name = path.relative_to(folder)
            if any(p.startswith("_") or p in LANGUAGES for p in name.parts):
                continue
            problems += page(path, language)
            problems += links(path, language, root)
            if name.parts[0] == "notes":
                problems += note(path, root)
    for _, english, path in pairs(docs):
        problems += translation(english, path)
    problems += orphans(docs)
    for english in sorted((docs / "homework").glob("*.ipynb")):
        paper = papers.load().get(english.stem)
        if paper is None or paper.written:
            for language in ("ko", "zh"):
                path = docs_of(language, docs) / "homework" / english.name
                problems += homework(english, path, language)
    return sorted(problems)


def main() -> int:
    """Print what is wrong."""
    problems = check()
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "Pages are in order.")
    return 1 if problems else 0
