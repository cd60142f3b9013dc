"""A notebook as a page of Markdown, and as a file to download."""

import base64
import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode

from website import notebooks, plots, syntax
from website.problems import PageError, line_of

ANSI = re.compile(r"\x1b\[[0-9;]*m")
FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.S)
SVG = "image/svg+xml"
INSTALL = '%pip install -q "git+https://github.com/{repository}"'
SNIPPET = re.compile(r'^--8<-- "([^":]+):(\w+)"\s*$', re.M)
HEADING_ID = re.compile(r"^(#+ .*?)\s*\{ #[\w-]+ \}\s*$", re.M)
LINK = re.compile(
    r"(?<!\!)\[([^\]]*)\]\((?!https?:)([^)\s]+)(?: \"[^\"]*\")?\)"
)
REFERENCE = re.compile(r"\[([^\]]+)\]\[pfs\.[\w.]+\]")
ATTRIBUTES = re.compile(r"(?<=\))\{ [.:#][^}]*\}")
BOX = re.compile(r'^!!! \w+(?: "([^"]*)")?\n((?:    .*\n?|\n)+)', re.M)
FENCE_HEAD = re.compile(r"^``` \{ \.(\w+)[^}]*\}$", re.M)


@dataclass
class Rendered:
    """A page and what belongs beside it."""

    markdown: str
    figures: dict[str, str] = field(default_factory=dict)
    notebook: NotebookNode | None = None


def front_matter(path: Path) -> dict[str, Any]:
    """Return the YAML header of a page."""
    m = FRONT.match(path.read_text("utf-8"))
    return (yaml.safe_load(m[1]) or {}) if m else {}


def placeholder(name: str) -> str:
    """Return the mark that is replaced when the search index is done."""
    return f'\n\n<div class="pfs-figure" data-figure="{name}"></div>\n\n'


def fence(text: str, info: str) -> str:
    """Return a fenced block that its content cannot close."""
    ticks = "`" * 3
    while ticks in text:
        ticks += "`"
    return f"{ticks} {info}\n{text.rstrip()}\n{ticks}"


def output_text(cell: NotebookNode) -> str:
    """Return what a cell printed and the value of its last line."""
    text = ""
    for out in cell.get("outputs", []):
        if out.output_type == "stream":
            text += out.text
        elif SVG not in out.get("data", {}):
            text += out.get("data", {}).get("text/plain", "") + "\n"
    return ANSI.sub("", text).strip("\n")


def _plots(
    cell: NotebookNode, name: str, labels: dict[str, str] | None, path: Path
) -> dict[str, str]:
    svgs = [
        o.data[SVG] for o in cell.get("outputs", []) if SVG in o.get("data", {})
    ]
    found = {}
    text = path.read_text("utf-8")
    alt = cell.metadata.get("alt", "")
    for number, svg in enumerate(svgs):
        if not alt:
            raise PageError(path, 1, f"the plot of cell {name} has no alt text")
        one = f"{name}-{number}"
        svg = plots.cleaned(svg, one, alt)
        if labels is not None:
            try:
                svg = plots.translated(svg, labels)
            except KeyError as error:
                line = line_of(text, "labels:")
                message = f"no label for the words {error} of plot {name}"
                raise PageError(path, line, message) from None
        found[one] = svg
    return found


def render(
    notebook: NotebookNode, path: Path, language: str, up: str
) -> Rendered:
    """Return a note's page; `up` leads from the page to its language's root."""
    page = Rendered("")
    labels = None
    if language != "en":
        labels = front_matter(path).get("labels") or {}

    def keep(name: str, svg: str) -> str:
        page.figures[name] = svg
        return placeholder(name)

    parts = []
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        if "remove_cell" in tags:
            continue
        if cell.cell_type != "code":
            prose = syntax.drawn(cell.source, language, path, keep)
            parts.append(syntax.marks(prose, language, up, path))
            continue
        if "remove_input" not in tags:
            parts.append(fence(cell.source, "{ .python .cell }"))
        text = output_text(cell)
        if text:
            parts.append(fence(text, "{ .text .output .no-copy }"))
        for name, svg in _plots(
            cell, f"{path.stem}-{number}", labels, path
        ).items():
            parts.append(keep(name, svg).strip())
    page.markdown = "\n\n".join(parts)
    page.notebook = notebook
    return page


def download(
    page: Rendered, path: Path, language: str, url: str, repository: str
) -> str:
    """Return the notebook that a reader takes home."""
    assert page.notebook is not None
    book = copy.deepcopy(page.notebook)
    for name in ("files", "seconds"):
        book.metadata.pop(name, None)
    figures: dict[str, str] = {}

    def keep(name: str, svg: str) -> str:
        data = base64.b64encode(svg.encode()).decode()
        figures[name] = data
        return f"![{name}](data:image/svg+xml;base64,{data})"

    for cell in book.cells:
        if cell.cell_type == "code":
            _plain_outputs(cell)
            continue
        text = syntax.drawn(cell.source, language, path, keep)
        text = syntax.marks(text, language, "../", path)
        cell.source = plain(text, url)
    install = nbformat.v4.new_code_cell(INSTALL.format(repository=repository))
    book.cells.insert(1, install)
    for number, cell in enumerate(book.cells):
        cell["id"] = f"cell-{number}"
    nbformat.validate(book)
    return str(nbformat.writes(book))


def _plain_outputs(cell: NotebookNode) -> None:
    for out in cell.get("outputs", []):
        data = out.get("data", {})
        if SVG in data:
            svg = data[SVG]
            for old, new in (("#010203", "#444"), ("#0a0b0c", "#ccc")):
                svg = svg.replace(old, new)
            for i, colour in enumerate(
                (
                    "#1f6fb2",
                    "#c2571a",
                    "#2e8b57",
                    "#8a4fbf",
                    "#b8860b",
                    "#c2185b",
                ),
                1,
            ):
                svg = svg.replace(f"#c1{i:04x}", colour)
            data[SVG] = svg


def plain(text: str, url: str) -> str:
    """Return Markdown that any notebook reader understands."""

    def absolute(m: re.Match[str]) -> str:
        target, _, anchor = m[2].partition("#")
        if target:
            target = re.sub(r"(index)?\.(md|ipynb)$", "/", target)
            target = target.removesuffix("//") or target
        base = url
        parts = [p for p in base.rstrip("/").split("/")]
        folder = parts[:-1]
        for step in target.split("/") if target else []:
            if step == "..":
                folder = folder[:-1]
            elif step and step != ".":
                folder.append(step)
        address = "/".join(folder) + "/" if target else base
        return f"[{m[1]}]({address}{'#' + anchor if anchor else ''})"

    def source(m: re.Match[str]) -> str:
        return region(m[1], m[2])

    def boxed(m: re.Match[str]) -> str:
        lines = re.sub(r"^ {4}", "", m[2], flags=re.M).strip().split("\n")
        head = [f"**{m[1]}**", ""] if m[1] else []
        return "\n".join("> " + line for line in [*head, *lines]) + "\n\n"

    text = SNIPPET.sub(source, text)
    text = FENCE_HEAD.sub(r"```\1", text)

    def prose(part: str) -> str:
        part = HEADING_ID.sub(r"\1", part)
        part = BOX.sub(boxed, part)
        part = REFERENCE.sub(r"\1", part)
        part = LINK.sub(absolute, part)
        return ATTRIBUTES.sub("", part)

    return syntax.outside_code(text, prose)


def region(file: str, name: str) -> str:
    """Return a marked region of a source file, without its indent."""
    from textwrap import dedent

    text = (notebooks.ROOT / file).read_text("utf-8")
    m = re.search(
        rf"^[^\n]*--8<-- \[start:{name}\]\n(.*?)^[^\n]*--8<-- \[end:{name}\]",
        text,
        re.M | re.S,
    )
    if m is None:
        raise ValueError(f"{file} has no region {name!r}")
    return dedent(m[1]).strip("\n")


def words_in(markdown: str, insert: Callable[[], str]) -> str:
    """Put the header of a note behind its title."""
    head, mark, rest = markdown.partition("\n")
    return f"{head}\n\n{insert()}\n{mark}{rest}"
