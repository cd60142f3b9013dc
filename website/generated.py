"""Pages and parts of pages that follow from the registry: text in, text out."""

import html
from functools import cache

from pfs import ledger, orders, papers, terms
from pfs.papers import Paper
from website import DOCS, LANGUAGES, homework
from website.strings import STRINGS

ACROSS, BOX, GAP, LINE = 5, 108, 16, 56


def words(lang: str, key: str, **values: object) -> str:
    """Return a text of the generated pages in a language."""
    return STRINGS[key][lang].format(**values)


def name_of(paper: Paper, lang: str) -> str:
    """Return the short title of a paper, as menus show it."""
    if lang == "en":
        return SHORT.get(paper.id, paper.id.upper())
    return paper.title_in[lang]


SHORT = {
    "adadelta": "Adadelta",
    "adagrad": "AdaGrad",
    "adam": "Adam",
    "additive_attention": "Additive attention",
    "alexnet": "AlexNet",
    "bidirectional": "Bidirectional RNN",
    "cnn": "Convolutional network",
    "googlenet": "GoogLeNet",
    "gpt": "GPT-1, 2, 3",
    "inst_disc": "InstDisc",
    "inva_spread": "InvaSpread",
    "lenet": "LeNet",
    "mlp": "Multilayer perceptron",
    "moco": "MoCo",
    "moco_v2": "MoCo v2",
    "momentum": "Momentum",
    "nin": "NiN",
    "regnet": "RegNetX",
    "resnet": "ResNet",
    "rmsprop": "RMSProp",
    "rnn": "Recurrent network",
    "seq2seq": "Sequence to sequence",
    "sequence": "Sequence models",
    "simclr": "SimCLR",
    "skip_gram": "Skip-gram",
    "stacked": "Stacked RNN",
    "transformer": "Transformer",
    "vit": "ViT",
}


@cache
def reading_order() -> tuple[str, ...]:
    """Return the ids of all papers, those of the reading orders first."""
    order = [name for o in orders.orders().values() for name in o.papers]
    rest = [name for name in papers.load() if name not in order]
    return tuple(dict.fromkeys([*order, *rest]))


@cache
def noted_papers() -> tuple[str, ...]:
    """Return the papers whose English note stands, drafts included."""
    folder = DOCS / "notes"
    return tuple(
        name for name in reading_order() if (folder / f"{name}.md").is_file()
    )


def reference(paper: Paper, lang: str, up: str = "") -> str:
    """Return a link to a note, or the bare name if it is planned."""
    name = name_of(paper, lang)
    return f"[{name}]({up}notes/{paper.id}.md)" if paper.written else name


def neighbours(name: str) -> tuple[list[Paper], list[Paper]]:
    """Return what a paper needs, and what needs it."""
    every = papers.load()
    before = [every[need] for need in every[name].needs]
    after = [paper for paper in every.values() if name in paper.needs]
    return before, after


def paper_header(name: str, lang: str, up: str) -> str:
    """Return the strip under a note's title.

    Args:
        name: The paper's id.
        lang: The language of the page.
        up: The way from the page to the root of its language.

    Returns:
        Markdown: citation, what comes before and after, time, BibTeX.
    """
    paper = papers.load()[name]
    authors = ", ".join(paper.authors)
    cite = (
        f"{authors} ({paper.year}). [{paper.title}]({paper.link}). "
        f"{paper.venue}."
    )
    comma = "、" if lang == "zh" else ", "
    before, after = (
        comma.join(reference(p, lang, up) for p in group) or "–"
        for group in neighbours(name)
    )
    facts = words(
        lang,
        "facts",
        before=before,
        after=after,
        minutes=paper.minutes,
        difficulty=paper.difficulty,
    )
    entry = papers.bibtex(paper)
    return "\n".join(
        [
            '<div class="pfs-paper" markdown>',
            "",
            cite,
            "",
            facts,
            "",
            "<details markdown><summary>BibTeX</summary>",
            "",
            "``` { .bibtex }",
            entry,
            "```",
            "",
            "</details>",
            "",
            "</div>",
        ]
    )


def path_page(lang: str) -> str:
    """Return the page of reading orders: a map, lists, the weekly plan."""
    every = papers.load()
    parts = [
        f"# {words(lang, 'path_title')}",
        words(lang, "path_intro", count=len(every)),
        f'<div class="pfs-map" tabindex="0" role="group" '
        f'aria-label="{words(lang, "map_alt")}">{reading_map(lang)}</div>',
    ]
    for order in orders.orders().values():
        parts.append(f"## {order.name[lang]} {{ #{order.id} }}")
        parts.append(_numbered([every[n] for n in order.papers], lang))
    listed = {n for o in orders.orders().values() for n in o.papers}
    rest = [p for p in every.values() if p.id not in listed]
    parts.append(f"## {words(lang, 'more')} {{ #more }}")
    parts.append("\n".join(_item(p, lang, "-") for p in rest))
    parts.append(homework.path_section(lang))
    parts.append(f"## {words(lang, 'plan_title')} {{ #plan }}")
    parts.append(words(lang, "plan_intro"))
    comma = "、" if lang == "zh" else ", "
    heads = (words(lang, key) for key in ("week", "theme", "papers"))
    rows = [f"| {' | '.join(heads)} |", "|---|---|---|"]
    for number, week in enumerate(orders.plan(), 1):
        names = comma.join(reference(every[n], lang) for n in week.papers)
        rows.append(f"| {number} | {week.name[lang]} | {names} |")
    parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _item(paper: Paper, lang: str, mark: str) -> str:
    title = f"{paper.title} ({paper.year})"
    planned = "" if paper.written else f" · {words(lang, 'planned')}"
    return (
        f"{mark} **{reference(paper, lang)}**{planned}  \n"
        f"    [{title}]({paper.link})"
    )


def _numbered(group: list[Paper], lang: str) -> str:
    return "\n".join(_item(p, lang, f"{i}.") for i, p in enumerate(group, 1))


def reading_map(lang: str) -> str:
    """Return the reading orders as one drawing, each order in its colour."""
    every = papers.load()
    width = GAP + ACROSS * (BOX + GAP)
    parts = []
    top = 0
    for number, order in enumerate(orders.orders().values(), 1):
        parts.append(
            f'<text x="{GAP}" y="{top + 16}" font-size="14" font-weight="600" '
            f'fill="currentColor">{html.escape(order.name[lang])}</text>'
        )
        top += 26
        for place, name in enumerate(order.papers):
            column, row = place % ACROSS, place // ACROSS
            x, y = GAP + column * (BOX + GAP), top + row * LINE
            parts.append(_box(every[name], lang, x, y, number))
            if place:
                parts.append(_arrow(x, y + 22))
        top += ((len(order.papers) - 1) // ACROSS + 1) * LINE + 6
    return (
        f'<svg viewBox="0 0 {width} {top}" role="img" '
        f'aria-label="{html.escape(words(lang, "map_alt"), quote=True)}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _arrow(x: int, y: int) -> str:
    return (
        f'<path d="M{x - GAP + 1} {y}h{GAP - 5}" fill="none" '
        'stroke="currentColor" stroke-width="1.4"/>'
        f'<path d="M{x - 1} {y}l-5 -3.5v7z" fill="currentColor"/>'
    )


def _box(paper: Paper, lang: str, x: int, y: int, colour: int) -> str:
    style = (
        f'fill="var(--pfs-{colour})" fill-opacity=".18" '
        f'stroke="var(--pfs-{colour})" stroke-width="2"'
        if paper.written
        else 'fill="none" stroke="currentColor" stroke-opacity=".45" '
        'stroke-dasharray="4 3"'
    )
    lines = _wrapped(name_of(paper, lang), 13 if lang == "en" else 8)
    shift = y + 26 - (len(lines) - 1) * 7
    text = "".join(
        f'<text x="{x + BOX / 2}" y="{shift + i * 14}" font-size="11.5" '
        f'text-anchor="middle" fill="currentColor">{html.escape(line)}</text>'
        for i, line in enumerate(lines)
    )
    return (
        f'<rect x="{x}" y="{y}" width="{BOX}" height="44" rx="6" {style}/>'
        + text
    )


def _wrapped(name: str, size: int) -> list[str]:
    lines: list[str] = []
    for word in name.split(" "):
        if lines and len(lines[-1]) + len(word) < size:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def glossary_page(lang: str) -> str:
    """Return all terms in three languages, each with an anchor."""
    order = sorted(
        terms.load().values(), key=lambda t: getattr(t, lang).lower()
    )
    others = [code for code in LANGUAGES if code != lang]
    parts = [
        f"# {words(lang, 'glossary_title')}",
        words(lang, "glossary_intro", count=len(order)),
    ]
    for term in order:
        parts.append(f"## {getattr(term, lang)} {{ #{term.id} }}")
        if term.definition:
            parts.append(term.definition[lang])
        more = [
            f'<span lang="{code}">{html.escape(getattr(term, code))}</span>'
            for code in others
        ]
        more += [html.escape(form) for form in term.also]
        parts.append(" · ".join(more))
    parts.insert(2, '<div class="pfs-glossary" markdown>')
    return "\n\n".join([*parts, "</div>"]) + "\n"


def errata_page(lang: str) -> str:
    """Return where papers, or what is told of them, contradict themselves."""
    parts = [f"# {words(lang, 'errata_title')}", words(lang, "errata_intro")]
    entries = [e for e in ledger.load().values() if e.erratum]
    for name in dict.fromkeys(e.paper for e in entries):
        paper = papers.load()[name]
        parts.append(f"## {name_of(paper, lang)} {{ #{name} }}")
        parts.append(f"{paper.title} ({paper.year})")
        for entry in (e for e in entries if e.paper == name):
            number = ledger.show(entry.id)
            said = f"{entry.erratum[lang]}"
            where = words(lang, "errata_where", number=number, id=entry.id)
            parts.append(f"{said}\n\n{where}")
    return "\n\n".join(parts) + "\n"


def jieba_dictionary() -> str:
    """Return the Chinese terms for the segmentation of the search index."""
    forms = {t.zh for t in terms.load().values()}
    forms |= {p.title_in["zh"] for p in papers.load().values()}
    han = {f for f in forms if len(f) > 1 and "一" <= f[0] <= "鿿"}
    return "".join(f"{form} 1000 n\n" for form in sorted(han))
