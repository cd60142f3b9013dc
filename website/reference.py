"""Pages that follow from lists of the package: errors and data sets."""

from pfs import explain
from pfs.data.cards import Card, card, names
from pfs.data.described import KINDS
from website.generated import words


def errors_page(lang: str) -> str:
    """Return every error code with its reason, its remedy and an example."""
    parts = [
        f"# {words(lang, 'errors_title')}",
        words(lang, "errors_intro"),
    ]
    for code, one in explain.load().items():
        parts.append(f"## {code}: {one.title[lang]} {{ #{code.lower()} }}")
        parts.append(one.why[lang])
        parts.append(f"**{words(lang, 'errors_fix')}** {one.fix[lang]}")
        if one.example:
            parts.append(words(lang, "errors_example"))
            parts.append(f"``` {{ .python .show }}\n{one.example}\n```")
    return "\n\n".join(parts) + "\n"


def data_page(lang: str) -> str:
    """Return a card for every data set, kind by kind."""
    cards = [card(name) for name in names()]
    parts = [
        f"# {words(lang, 'data_title')}",
        words(lang, "data_intro", count=len(cards)),
    ]
    for kind in KINDS:
        here = [one for one in cards if one.kind == kind]
        if here:
            parts.append(f"## {words(lang, f'kind_{kind}')} {{ #{kind} }}")
            parts += [_card(one, lang) for one in here]
    return "\n\n".join(parts) + "\n"


def _card(one: Card, lang: str) -> str:
    facts = {
        "data_size": _size(one),
        "data_holds": ", ".join(f"{n:,} {k}" for k, n in one.counts.items()),
        "data_licence": one.licence,
        "data_citation": one.citation,
    }
    colon = "：" if lang == "zh" else ": "
    lines = [f"{words(lang, k)}{colon}{v}" for k, v in facts.items() if v]
    return (
        f"### `{one.name}` {{ #{one.name} }}\n\n**{one.title}.** "
        f"{one.description[lang]}\n\n" + "<br>\n".join(lines)
    )


def _size(one: Card) -> str:
    total = sum(file.bytes for file in one.files)
    if not total:
        return ""
    return f"{total / 1e6:.1f} MB" if total >= 1e6 else f"{total / 1e3:.1f} KB"
