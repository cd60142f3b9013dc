"""Lay out the empty rooms of a planned paper: `nox -s paper -- lenet`."""

import re
import sys
from pathlib import Path

import pfs
from pfs import papers
from pfs.papers import Paper
from website import ROOT

MODULE = '''r"""{title}.

{authors} ({year}).
Note: notes/{id}
"""
'''
TEST = '''"""{title}: equal to a public implementation, values and gradients.

Begin with the contract: state a module, its twin of torch, its inputs and its
number of parameters, and fifteen checks are inherited.

    from contract import ModuleContract

    class TestCell(ModuleContract):
        module = staticmethod(lambda: Cell(3, 5))
        twin = staticmethod(lambda: torch.nn.LSTMCell(3, 5))
        inputs = staticmethod(lambda batch: (torch.randn(batch, 3),))
        parameters = 4 * 5 * (3 + 5 + 2)
"""
'''
FIGURES = '''"""The drawn figures of the note on {id}."""

WORDS: dict[str, dict[str, str]] = {{}}
'''
NEXT = """\
The rooms of {id} are laid out. Its status is still "planned": the site shows
the draft, in every language, and nothing is red. What to do, in this order:

  1. tests/{topic}/test_{name}.py  the case: module, twin, inputs, count
  2. src/pfs/{topic}/{name}.py  equations in docstrings, `# (n)` on their lines;
     it may import pfs.nn and {needs}{topics}
  3. docs/notes/{id}.md  from its template; cells assert what the text says
  4. website/figures/{id}.py  drawn figures, with words in Korean and Chinese
  5. src/pfs/ledger.toml  its numbers; src/pfs/terms.toml  its words
  6. tests/mutants/bank.py  the mistakes that people make in it
  7. src/pfs/homework/exercises/{id}/  exercises that check themselves, named in
     units.toml: docs/authoring.md; then nox -s notebooks
  8. src/pfs/recipes  a run on real data; or 'No recipe: why' in the module
  9. when the English stands, the other languages:
     nox -s translations -- start {translations}
     write them, then nox -s translations -- stamp FILE
 10. src/pfs/papers.toml  status = "written" for [{id}]

From step 10 on `nox -s tests check` names everything that is missing."""


def rooms(paper: Paper, root: Path) -> dict[Path, str]:
    """Return the files of a paper and what they begin with."""
    topic, name = paper.module.split(".")[1:]
    authors = " & ".join(a.split(" ")[-1] for a in paper.authors[:3])
    if len(paper.authors) > 3:
        authors = f"{paper.authors[0].split(' ')[-1]} et al."
    values = {
        "title": paper.title,
        "authors": authors,
        "year": paper.year,
        "id": paper.id,
    }
    template = (root / "docs" / "_template" / "note.md").read_text("utf-8")
    files = {
        root / f"src/pfs/{topic}/{name}.py": MODULE.format(**values),
        root / f"tests/{topic}/test_{name}.py": TEST.format(**values),
        root / f"website/figures/{paper.id}.py": FIGURES.format(**values),
    }
    package = root / f"src/pfs/{topic}/__init__.py"
    if not package.exists():
        files[package] = f'"""Papers on {topic}."""\n'
    title = f"# {paper.title}"
    note = re.sub(r"^# .*$", lambda _: title, template, count=1, flags=re.M)
    files[root / f"docs/notes/{paper.id}.md"] = note
    return files


def lay_out(name: str, root: Path = ROOT) -> list[Path]:
    """Write the empty rooms of a planned paper.

    Args:
        name: The paper's id.
        root: The project's folder.

    Returns:
        The files that were made.

    Raises:
        SystemExit: With a sentence, if there is nothing to lay out; then
            nothing was changed.
    """
    every = papers.load()
    if name not in every:
        near = [other for other in every if name[:3] in other]
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise SystemExit(
            f"No paper {name!r} in src/pfs/papers.toml{hint}\n"
            f"Planned: {', '.join(p for p in every if not every[p].written)}"
        )
    if every[name].written:
        raise SystemExit(f"The paper {name!r} is written: nothing was changed.")
    files = rooms(every[name], root)
    standing = [p for p in files if p.exists()]
    if standing:
        names = ", ".join(str(p.relative_to(root)) for p in standing)
        raise SystemExit(f"These stand already, nothing was changed: {names}")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return list(files)


def main(arguments: list[str]) -> int:
    """Lay out one paper and say what comes next."""
    if len(arguments) != 1:
        planned = [p.id for p in papers.load().values() if not p.written]
        print("usage: nox -s paper -- ID\nPlanned:", ", ".join(planned))
        return 2
    made = lay_out(arguments[0])
    for path in made:
        print(f"made {path.relative_to(ROOT)}")
    paper = papers.load()[arguments[0]]
    topic, name = paper.module.split(".")[1:]
    needs = ", ".join(paper.needs) or "no paper"
    there = [f"docs/{lang}/notes/{paper.id}.md" for lang in ("ko", "zh")]
    topics = ""
    if topic not in pfs._TOPICS:
        topics = f"\n     add {topic!r} to _TOPICS in src/pfs/__init__.py"
    values = {
        "topics": topics,
        "id": paper.id,
        "topic": topic,
        "name": name,
        "needs": needs,
    }
    print(NEXT.format(**values, translations=" \\\n       ".join(there)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
