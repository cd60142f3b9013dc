"""Repairs of what mkdocs-jupyter makes: weight, anchors, links, formulas."""

import posixpath
import re
from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup, Tag
from mkdocs.structure.files import Files
from mkdocs.structure.toc import get_toc

MATH = re.compile(
    r"\$\$(.+?)\$\$|\$(?!\s)((?:\\.|[^$\\\n])+?)(?<!\s)\$(?!\d)", re.S
)
EXPLICIT = re.compile(r"\s*\{ #([\w-]+) \}\s*$")
CLUTTER = (
    ".zeroclipboard-container, .clipboard-copy-txt, .anchor-link, "
    ".jp-InputPrompt, .jp-OutputPrompt, .jp-Collapser, .jp-InputArea-prompt"
)


def repaired(
    content: str, page: Any, files: Files, warn: Callable[[str], None]
) -> str:
    """Return the page of a notebook as ours look."""
    soup = BeautifulSoup(content, "html.parser")
    for tag in soup.find_all(["style", "script"]):
        tag.decompose()
    for tag in soup.select(CLUTTER):
        tag.decompose()
    for block in soup.select("div.highlight-ipynb"):
        block["class"] = ["highlight", "language-python", "cell"]
        pre = block.find("pre")
        code = soup.new_tag("code")
        code.extend(list(pre.contents))
        pre.clear()
        pre.append(code)
    page.toc = get_toc(_headings(soup, page, warn))
    for link in soup.find_all("a", href=True):
        _link(link, page, files, warn)
    for text in soup.select_one(".jupyter-wrapper").find_all(string=MATH):
        if not text.find_parent(["code", "pre"]):
            text.replace_with(BeautifulSoup(_math(str(text)), "html.parser"))
    body = soup.select_one("main") or soup
    body.name = "div" if body.name == "main" else body.name
    for tag in soup.select("[tabindex]"):
        del tag["tabindex"]
    return str(soup)


def _headings(
    soup: BeautifulSoup, page: Any, warn: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Give every heading its explicit id; return the table of contents."""
    tokens: list[dict[str, Any]] = []
    for heading in soup.find_all(re.compile("^h[1-6]$")):
        m = EXPLICIT.search(heading.get_text())
        if m is None:
            warn(f"{page.file.src_uri}: heading without id: {heading}")
            continue
        for text in heading.find_all(string=EXPLICIT):
            text.replace_with(EXPLICIT.sub("", str(text)))
        heading["id"] = m[1]
        token = {
            "level": int(heading.name[1]),
            "id": m[1],
            "name": heading.get_text(),
            "html": heading.decode_contents(),
            "data-toc-label": "",
            "children": [],
        }
        place = tokens
        while place and place[-1]["level"] < token["level"]:
            place = place[-1]["children"]
        place.append(token)
        anchor = soup.new_tag("a", href=f"#{m[1]}")
        anchor["class"] = "headerlink"
        anchor.string = "#"
        heading.append(anchor)
    return tokens


def _link(
    link: Tag, page: Any, files: Files, warn: Callable[[str], None]
) -> None:
    path, _, fragment = str(link["href"]).partition("#")
    if "://" in path or not path.endswith((".md", ".ipynb")):
        return
    here = posixpath.dirname(page.file.src_uri)
    target = files.get_file_from_path(posixpath.normpath(f"{here}/{path}"))
    if target is None:
        warn(f"{page.file.src_uri}: link to {path} not found")
        return
    url = target.url_relative_to(page.file)
    link["href"] = f"{url}#{fragment}" if fragment else url


def _math(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;")

    def one(m: re.Match[str]) -> str:
        if m[1]:
            return f'<div class="arithmatex">\\[{m[1]}\\]</div>'
        return f'<span class="arithmatex">\\({m[2]}\\)</span>'

    return MATH.sub(one, text)
