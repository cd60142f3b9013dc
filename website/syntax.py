"""The project's own marks in a page: numbers, terms, figures."""

import html
import importlib
import re
from collections.abc import Callable
from pathlib import Path

from pfs import ledger, terms
from website import ROOT
from website.problems import PageError, line_of

FENCE = re.compile(r"^(```+|~~~+).*?^\1\s*$", re.M | re.S)
NUMBER = re.compile(r"\{\{ ([\w.-]+) \}\}")
TERM = re.compile(r"\[\[([\w-]+)(?:\|([^\]]+))?\]\]")
FIGURE = re.compile(r"!\[([^\]]*)\]\(figure:(\w+)\.(\w+)\)")


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Apply a change to a page's prose, not to its fences."""
    parts, end = [], 0
    for fence in FENCE.finditer(text):
        parts += [change(text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, change(text[end:])])


def numbers(text: str) -> str:
    """Replace `{{ id }}` by the number of the ledger."""
    return NUMBER.sub(lambda m: ledger.show(m[1]), text)


def term(language: str, name: str, shown: str | None) -> str:
    """Return a term as its first use shows it."""
    entry = terms.load()[name]
    local = shown or getattr(entry, language)
    if language == "en" or local.lower() == entry.en.lower():
        return local
    bracket = "({})" if language == "ko" else "（{}）"
    return local + bracket.format(entry.en)


def marks(text: str, language: str, up: str, path: Path) -> str:
    """Replace numbers and terms; an unknown id names file and line."""
    source = path.read_text("utf-8")

    def number(m: re.Match[str]) -> str:
        if m[1] not in ledger.load():
            raise PageError(
                path,
                line_of(source, m[0]),
                f"no number {m[1]!r} in ledger.toml",
            )
        return ledger.show(m[1])

    def linked(m: re.Match[str]) -> str:
        if m[1] not in terms.load():
            raise PageError(
                path, line_of(source, m[0]), f"no term {m[1]!r} in terms.toml"
            )
        entry = terms.load()[m[1]]
        meaning = (entry.definition or {}).get(language, "")
        title = f' "{html.escape(meaning)}"' if meaning else ""
        shown = term(language, m[1], m[2])
        return f"[{shown}]({up}glossary.md#{m[1]}{title}){{ .pfs-term }}"

    def change(prose: str) -> str:
        return TERM.sub(linked, NUMBER.sub(number, prose))

    return outside_code(text, change)


def drawing(paper: str, name: str, language: str, alt: str) -> str:
    """Return a drawn figure as SVG with the words of the language."""
    module = importlib.import_module(f"website.figures.{paper}")

    def t(words: str) -> str:
        if language == "en":
            return words
        return str(module.WORDS[words][language])

    svg = str(getattr(module, name)(t))
    start = svg.index("<svg")
    label = html.escape(alt, quote=True)
    inner = svg[start + 4 :]
    inner = re.sub(
        r'^([^>]*?)\s(?:role|aria-label)="[^"]*"', r"\1", inner, count=1
    )
    inner = re.sub(
        r'^([^>]*?)\s(?:role|aria-label)="[^"]*"', r"\1", inner, count=1
    )
    return f'<svg role="img" aria-label="{label}"{inner}'


def drawn(
    text: str, language: str, path: Path, keep: Callable[[str, str], str]
) -> str:
    """Replace `![alt](figure:rnn.unrolled)`; `keep` stores the SVG."""
    source = path.read_text("utf-8")

    def one(m: re.Match[str]) -> str:
        try:
            svg = drawing(m[2], m[3], language, m[1])
        except ModuleNotFoundError:
            problem = f"no file website/figures/{m[2]}.py"
        except AttributeError:
            problem = f"no function {m[3]!r} in website/figures/{m[2]}.py"
        except KeyError as error:
            problem = f"{error} has no {language} word in WORDS"
        else:
            return keep(f"{m[2]}-{m[3]}", svg)
        raise PageError(path, line_of(source, m[0]), problem)

    return outside_code(text, lambda prose: FIGURE.sub(one, prose))


def figure_files() -> list[Path]:
    """Return the files that draw."""
    return sorted((ROOT / "website" / "figures").glob("*.py"))
