"""Where MkDocs calls us: thin wrappers over the modules beside this one."""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files

from pfs.homework import exercises
from website import (
    DOCS,
    LANGUAGES,
    ROOT,
    api,
    docs_of,
    generated,
    katex,
    notebooks,
    pages,
    reference,
    repair,
    results,
    syntax,
)
from website.chrome import ADMONITIONS, BUTTONS, FALLBACK, NAV, SEARCH
from website.problems import PageError

log = get_plugin_logger("pfs")
figures: dict[str, dict[str, str]] = {}
written: dict[str, str] = {}
fallback: set[str] = set()


# Whoever searches for a word wants what explains it: its entry in the glossary
# and the notes. A word in a title counts a thousandfold, and API pages have
# hundreds of titles.
BOOST = {
    **{"notes": 4, "api": 0.01, "homework": 0.01, "glossary.md": 6},
    **{"results.md": 0.3, "errors.md": 0.2, "data.md": 0.2},
}


def language_of(config: Any) -> str:
    """Return the language that is being built."""
    return str(config.extra["lang"])


def on_config(config: Any) -> Any:
    """Fill in what follows from the registry."""
    lang = language_of(config)
    root = config.site_url
    if lang != "en":
        root = root.removesuffix(f"{lang}/")
        config.extra_css = [f"../{p}" for p in config.extra_css]
        config.extra_javascript = [f"../{p}" for p in config.extra_javascript]
    config.extra["root_url"] = root
    members = sorted(api.api_pages())
    notes = [f"notes/{p}.md" for p in generated.noted_papers()]
    homework: list[Any] = ["homework/index.md"]
    homework += [
        {unit.title[lang]: f"homework/{unit.id}.ipynb"}
        for unit in exercises.units().values()
    ]
    homework += ["teaching.md", "authoring.md"]
    lists = {"Notes": notes, "Homework": homework, "API": members}
    for item in config.nav:
        for title, entries in lists.items():
            if isinstance(item, dict) and title in item:
                item[title] = entries
    return config


def _generated_pages(lang: str) -> dict[str, str]:
    return {
        "path.md": generated.path_page(lang),
        "glossary.md": generated.glossary_page(lang),
        "errata.md": generated.errata_page(lang),
        "results.md": results.results_page(lang),
        "data.md": reference.data_page(lang),
        "errors.md": reference.errors_page(lang),
        **api.api_pages(),
    }


@event_priority(60)
def on_files(files: Files, config: Any) -> Files:
    """Add what is generated, what is vendored and what falls back."""
    lang = language_of(config)
    others = [code for code in LANGUAGES if code != "en"]
    made = _generated_pages(lang)
    fallback.clear()
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    if lang != "en":
        for path in sorted(DOCS.rglob("*")):
            name = path.relative_to(DOCS)
            hidden = name.parts[0] in [*others, "assets"]
            hidden |= any(p.startswith("_") for p in name.parts)
            if path.is_dir() or hidden or files.get_file_from_path(str(name)):
                continue
            file = File(
                name.as_posix(),
                str(DOCS),
                config.site_dir,
                config.use_directory_urls,
            )
            fallback.add(file.src_uri)
            files.append(file)
    else:
        _assets(files, config)
    config.extra["pages"] = {
        file.src_uri: [
            code
            for code in LANGUAGES
            if file.src_uri in made or (docs_of(code) / file.src_uri).exists()
        ]
        for file in files.documentation_pages()
    }
    written.clear()
    figures.clear()
    for file in list(files.documentation_pages()):
        if file.src_uri.endswith(".md") and file.src_uri not in made:
            _page(file, files, config)
    return files


def _assets(files: Files, config: Any) -> None:
    for folder, name in (
        (ROOT / "website" / "assets", "assets"),
        (katex.VENDOR, "assets/katex"),
    ):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != "katex.min.js":
                uri = f"{name}/{path.relative_to(folder).as_posix()}"
                file = File.generated(config, uri, abs_src_path=str(path))
                files.append(file)


def _page(file: File, files: Files, config: Any) -> None:
    """Render one of our pages: notes with their cells, all with our marks."""
    lang = "en" if file.src_uri in fallback else language_of(config)
    path = Path(file.abs_src_path)
    uri = file.src_uri
    up = "../" * uri.count("/")
    if not notebooks.is_note(path):
        text = pages.FRONT.sub("", path.read_text("utf-8"))
        written[uri] = syntax.marks(text, lang, up, path)
        return
    done, _ = notebooks.executed(DOCS / uri)
    book = done if lang == "en" else notebooks.lent(done, path)
    page = pages.render(book, path, lang, up)
    figures[uri] = page.figures
    url = config.site_url + file.url
    repository = config.extra["repository"]
    download = pages.download(page, path, lang, url, repository)
    beside = uri.removesuffix(".md") + ".ipynb"
    files.append(File.generated(config, f"download/{beside}", content=download))
    paper = path.stem
    prefix = "" if language_of(config) == "en" else f"{language_of(config)}/"
    colab = (
        f"https://colab.research.google.com/github/{repository}"
        f"/blob/gh-pages/{prefix}download/{beside}"
    )
    words = BUTTONS[language_of(config)]
    buttons = (
        '<p class="pfs-buttons">'
        f'<a class="md-button" download="{paper}.ipynb" '
        f'href="{up}../download/{beside}">{words[0]}</a> '
        f'<a class="md-button" href="{colab}">{words[1]}</a></p>'
    )
    header = generated.paper_header(paper, language_of(config), up)
    written[uri] = pages.words_in(
        page.markdown, lambda: f"{header}\n\n{buttons}\n"
    )


def on_page_markdown(
    markdown: str, page: Any, config: Any, files: Files
) -> str:
    """Hand over what `on_files` has made of the page."""
    folder = page.file.src_uri.split("/")[0]
    page.meta["search"] = {"boost": BOOST.get(folder, 1)}
    if page.file.src_uri in fallback and page.edit_url:
        lang = language_of(config)
        page.edit_url = page.edit_url.replace(f"/docs/{lang}/", "/docs/")
    if page.file.src_uri in _generated_pages(language_of(config)):
        page.edit_url = None
    return written.get(page.file.src_uri, markdown)


def on_nav(nav: Any, config: Any, **_: Any) -> Any:
    """Translate the titles of the sections."""
    titles = NAV[language_of(config)]

    def walk(items: list[Any]) -> None:
        for item in items:
            if item.title in titles:
                item.title = titles[item.title]
            if item.children:
                walk(item.children)

    walk(nav.items)
    return nav


@event_priority(-60)
def on_page_content(content: str, page: Any, config: Any, files: Files) -> str:
    """Repair notebook pages, translate boxes, mark what falls back."""
    lang = language_of(config)
    if "jupyter-wrapper" in content:
        content = repair.repaired(content, page, files, log.warning)
        page.title = repair.EXPLICIT.sub("", page.title)
    for english, words in ADMONITIONS.items():
        word = words[lang]
        for tag in (
            '<p class="admonition-title">{}</p>',
            "<summary>{}</summary>",
        ):
            content = content.replace(tag.format(english), tag.format(word))
    if page.file.src_uri in fallback:
        banner = f'<p class="pfs-fallback">{FALLBACK[lang]}</p>'
        content = f'{banner}<div lang="en">{content}</div>'
        page.canonical_url = config.extra["root_url"] + page.url
    return content


@event_priority(10)
def on_env(env: Any, config: Any, **_: Any) -> Any:
    """Teach the cross references the names of other projects."""
    table = (ROOT / "website" / "external.yml").read_text("utf-8")
    for name, url in yaml.safe_load(table).items():
        config.plugins["autorefs"].register_url(name, url)
    return env


FIGURE = re.compile(r'<div class="pfs-figure" data-figure="([\w-]+)"></div>')


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Set formulas and figures, after the search index has read the page."""
    lang = language_of(config)
    svgs = figures.get(page.file.src_uri, {})
    output = FIGURE.sub(
        lambda m: f'<figure class="pfs-figure">{svgs[m[1]]}</figure>', output
    )
    output = output.replace(
        'data-md-component="search" role="dialog"',
        f'data-md-component="search" role="dialog" aria-label="{SEARCH[lang]}"',
    )
    try:
        return katex.render(output)
    except katex.MathError as error:
        path = Path(page.file.abs_src_path or page.file.src_uri)
        line = 1
        if path.is_file():
            text = path.read_text("utf-8")
            line = text.count("\n", 0, max(text.find(error.tex), 0)) + 1
        raise PageError(path, line, str(error)) from None


def on_post_build(config: Any) -> None:
    """Write the search index as UTF-8: a third less to fetch in ko and zh."""
    path = Path(config.site_dir, "search", "search_index.json")
    index = json.loads(path.read_text("utf-8"))
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")
