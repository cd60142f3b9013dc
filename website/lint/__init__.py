"""Checks of the pages; what they find stops the build.

`python -m website.lint` prints every problem with file and line. Nothing here
needs MkDocs: a page is a string, a tree is a folder.
"""

from pathlib import Path

from pfs import papers
from website import DOCS, LANGUAGES, ROOT, docs_of
from website.homework import out_of_step
from website.lint import figures, homework, links, pages, readable, step
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
    problems = readable.unreadable(docs)
    if problems:
        return problems
    for language in LANGUAGES:
        folder = docs_of(language, docs)
        for path in sorted(folder.rglob("*.md")):
            name = path.relative_to(folder)
            if any(p.startswith("_") or p in LANGUAGES for p in name.parts):
                continue
            problems += pages.page(path, "en" if _draft(path) else language)
            problems += links.broken(path, language, root)
            if name.parts[0] == "notes":
                problems += pages.note(path, root)
    for language, english, path in pairs(docs):
        if not _draft(english):
            problems += step.translation(english, path, language)
    problems += step.orphans(docs)
    for english in sorted((docs / "homework").glob("*.ipynb")):
        for language in ("ko", "zh"):
            path = docs_of(language, docs) / "homework" / english.name
            problems += homework.compared(english, path, language)
    if docs == DOCS:
        problems += out_of_step(docs)
    for path in sorted((root / "website" / "figures").glob("*.py")):
        problems += figures.words_of(path)
    return sorted(problems)


def _draft(path: Path) -> bool:
    """Tell whether a page belongs to a paper that is not written yet."""
    paper = papers.load().get(path.stem)
    return (
        path.parent.name == "notes" and paper is not None and not paper.written
    )


def main() -> int:
    """Print what is wrong."""
    problems = check()
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "Pages are in order.")
    return 1 if problems else 0
