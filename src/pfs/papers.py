"""The papers and the reading path between them.

Reads `papers.toml` and refuses what does not hold together.
Nothing here imports torch.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pfs.registry import known_keys, read_table, refuse

HERE = Path(__file__).parent
LANGUAGES = ("en", "ko", "zh")
REQUIRED = {
    "title": str,
    "authors": list,
    "year": int,
    "venue": str,
    "module": str,
    "needs": list,
    "minutes": int,
    "difficulty": int,
    "title_in": dict,
}
OPTIONAL = {"doi": str, "arxiv": str, "url": str, "status": str}
FORMS = {
    "doi": r"10\.\d{4,}/\S+",
    "arxiv": r"\d{4}\.\d{4,5}",
    "url": r"https://\S+",
    "module": r"pfs\.[a-z]+\.[a-z0-9_]+",
    "status": r"written|planned",
}


@dataclass(frozen=True)
class Paper:
    """One paper of the plan.

    Source:
        `papers.toml`

    Differs:
        nothing
    """

    id: str
    title: str
    authors: tuple[str, ...]
    year: int
    venue: str
    module: str
    needs: tuple[str, ...]
    minutes: int
    difficulty: int
    title_in: Mapping[str, str] = field(hash=False)
    doi: str = ""
    arxiv: str = ""
    url: str = ""
    status: str = "planned"

    @property
    def topic(self) -> str:
        """The folder of its module: `recurrent`, `vision` ..."""
        return self.module.split(".")[1]

    @property
    def written(self) -> bool:
        """Whether its note and code stand."""
        return self.status == "written"

    @property
    def link(self) -> str:
        """Where the paper can be read."""
        if self.arxiv:
            return f"https://arxiv.org/abs/{self.arxiv}"
        return f"https://doi.org/{self.doi}" if self.doi else self.url


def parse(text: str, path: Path) -> dict[str, Paper]:
    """Turn the text of `papers.toml` into papers, after a look at each.

    Args:
        text: The file's content.
        path: Its name, for messages.

    Returns:
        The papers by id.

    Raises:
        ValueError: K01, with file, line, expected and got.

    Source:
        This project.

    Differs:
        nothing
    """
    tables = read_table(text, path)
    if list(tables) != sorted(tables):
        late = next(
            b for a, b in zip(tables, list(tables)[1:], strict=False) if b < a
        )
        refuse(path, text, f"[{late}]", "ids in alphabetical order", late)
    papers = {}
    for name, table in tables.items():
        known_keys(table, REQUIRED, OPTIONAL, path, text, name)
        for key, form in FORMS.items():
            value = table.get(key)
            if value is not None and not re.fullmatch(form, value):
                refuse(path, text, f"[{name}]", f"{key} like {form}", value)
        if not {"doi", "arxiv", "url"} & set(table):
            refuse(path, text, f"[{name}]", "a doi, arxiv or url", "none")
        if set(table["title_in"]) != {"ko", "zh"}:
            got = sorted(table["title_in"])
            refuse(path, text, f"[{name}]", "title_in for ko and zh", got)
        if not 1 <= table["difficulty"] <= 5:
            got = table["difficulty"]
            refuse(path, text, f"[{name}]", "difficulty 1 to 5", got)
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in table.items()
        }
        papers[name] = Paper(id=name, **values)
    _check_path(papers, path, text)
    return papers


def _check_path(papers: dict[str, Paper], path: Path, text: str) -> None:
    modules: dict[str, str] = {}
    for paper in papers.values():
        for need in paper.needs:
            if need not in papers:
                refuse(
                    path, text, f"[{paper.id}]", "needs that are papers", need
                )
        other = modules.setdefault(paper.module, paper.id)
        if other != paper.id:
            got = f"{paper.module} twice: {other}, {paper.id}"
            refuse(path, text, f"[{paper.id}]", "a module of its own", got)
    for paper in papers.values():
        seen: list[str] = []
        queue = list(paper.needs)
        while queue:
            need = queue.pop()
            if need == paper.id:
                refuse(
                    path, text, f"[{paper.id}]", "a path without circles", need
                )
            if need not in seen:
                seen.append(need)
                queue += papers[need].needs


@cache
def load() -> dict[str, Paper]:
    """Return all papers by id.

    Examples:
        >>> load()["rnn"].year
        1985

    Source:
        `papers.toml`

    Differs:
        nothing
    """
    path = HERE / "papers.toml"
    return parse(path.read_text("utf-8"), path)


def path_to(name: str) -> list[Paper]:
    """Return a paper and all that comes before it, in reading order.

    Args:
        name: The paper's id.

    Returns:
        Papers; each stands after those that it needs.

    Raises:
        KeyError: If there is no such paper.

    Examples:
        >>> [paper.id for paper in path_to("lstm")]
        ['mlp', 'sequence', 'rnn', 'lstm']

    Source:
        `papers.toml`

    Differs:
        nothing
    """
    order: list[Paper] = []

    def visit(paper: Paper) -> None:
        for need in paper.needs:
            visit(load()[need])
        if paper not in order:
            order.append(paper)

    visit(load()[name])
    return order


def bibtex(paper: Paper) -> str:
    """Return the paper as a BibTeX entry.

    Args:
        paper: A paper of `load`.

    Returns:
        An entry that LaTeX sets as it stands.

    Examples:
        >>> print(bibtex(load()["lstm"]).splitlines()[0])
        @article{lstm1997,

    Source:
        This project.

    Differs:
        nothing
    """
    kind, place = "misc", "howpublished"
    if re.search(r"\d+\(\d+\)|Journal|Nature", paper.venue):
        kind, place = "article", "journal"
    elif re.search(r"CVPR|ICML|ICLR|EMNLP|NAACL|Advances", paper.venue):
        kind, place = "inproceedings", "booktitle"
    elif "Report" in paper.venue or "report" in paper.venue:
        kind, place = "techreport", "institution"
    fields = {
        "title": "{" + paper.title + "}",
        "author": " and ".join(paper.authors),
        "year": str(paper.year),
        place: paper.venue.replace("-", "--"),
        "doi": paper.doi,
        "eprint": paper.arxiv,
        "archivePrefix": "arXiv" if paper.arxiv else "",
        "url": "" if paper.doi or paper.arxiv else paper.url,
    }
    lines = [
        f"  {key} = {{{value.replace('&', chr(92) + '&')}}}"
        for key, value in fields.items()
        if value
    ]
    return f"@{kind}{{{paper.id}{paper.year},\n" + ",\n".join(lines) + "\n}"
