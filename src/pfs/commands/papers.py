"""`pfs list`, `pfs info`, `pfs path`: find a paper."""

from collections.abc import Iterable

from pfs import papers
from pfs.commands.terminal import columns, out, pick
from pfs.commands.words import language, say
from pfs.papers import Paper


def list_papers(topic: str | None) -> None:
    """Print the papers by topic.

    Args:
        topic: Only this one, or `None` for all.

    Raises:
        ValueError: A01 if there is no such topic.

    Examples:
        >>> list_papers("recurrent")
        recurrent
        ...

    Source:
        This project.

    Differs:
        nothing
    """
    known = papers.load()
    topics = sorted({paper.topic for paper in known.values()})
    for name in topics if topic is None else [pick("--topic", topic, topics)]:
        out.print(name)
        here = (paper for paper in known.values() if paper.topic == name)
        _print(sorted(here, key=lambda paper: (paper.year, paper.id)))


def show_paper(paper_id: str, bibtex: bool) -> None:
    """Print what is known of a paper.

    Args:
        paper_id: The paper.
        bibtex: Whether to print its BibTeX entry only.

    Raises:
        ValueError: A01 if there is no such paper.

    Examples:
        >>> show_paper("rnn", bibtex=False)
        title ...

    Source:
        This project.

    Differs:
        nothing
    """
    known = papers.load()
    paper = known[pick("ID", paper_id, known)]
    if bibtex:
        out.print(papers.bibtex(paper))
        return
    lines = {
        "title": paper.title,
        "한국어": paper.title_in.get("ko"),
        "中文": paper.title_in.get("zh"),
        "authors": ", ".join(paper.authors),
        "year": str(paper.year),
        "venue": paper.venue,
        "link": paper.link,
        "topic": paper.topic,
        "module": paper.module,
        "needs": ", ".join(paper.needs),
        "status": paper.status,
        "note": f"notes/{paper.id}" if paper.written else None,
        "minutes": str(paper.minutes),
        "difficulty": str(paper.difficulty),
    }
    columns((name, value) for name, value in lines.items() if value)


def show_path(paper_id: str) -> None:
    """Print what to read before a paper, in order, and the paper.

    Args:
        paper_id: The paper.

    Raises:
        ValueError: A01 if there is no such paper.

    Examples:
        >>> show_path("mlp")
          mlp ...

    Source:
        This project.

    Differs:
        nothing
    """
    known = papers.load()
    _print(papers.path_to(pick("ID", paper_id, known)))


def _print(some: Iterable[Paper]) -> None:
    for paper in some:
        title = paper.title_in.get(language(), paper.title)
        note = "" if paper.written else f"  ({say('planned')})"
        out.print(f"  {paper.id:18} {paper.year}  {title}{note}")
