"""Plots of the cells become part of the page: its colours, font, language."""

import html
import re

SETUP = """
import matplotlib as _mpl
from cycler import cycler as _cycler
from matplotlib_inline.backend_inline import set_matplotlib_formats as _formats

_formats("svg")
_mpl.rcParams.update({
    "svg.fonttype": "none", "svg.hashsalt": "pfs", "figure.figsize": (6.4, 3.4),
    "figure.facecolor": "none", "axes.facecolor": "none",
    "savefig.facecolor": "none", "legend.frameon": False, "font.size": 10,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "grid.color": "#0a0b0c", "grid.linewidth": 0.6, "lines.linewidth": 1.8,
    **{k: "#010203" for k in ("text.color", "axes.labelcolor", "axes.edgecolor",
                              "xtick.color", "ytick.color", "patch.edgecolor")},
    "axes.prop_cycle": _cycler(color=["#c1%04x" % i for i in range(1, 7)]),
})
"""
COLOURS = {"#010203": "currentColor", "#0a0b0c": "var(--pfs-grid)"} | {
    f"#c1{i:04x}": f"var(--pfs-{i})" for i in range(1, 7)
}
TEXT = re.compile(r"(<text\b[^>]*>)([^<]*)(</text>)")
WORDS = re.compile(r"[A-Za-z]{2,}")


def cleaned(svg: str, name: str, alt: str) -> str:
    """Return a plot fit to stand in a page: unique ids, the page's colours."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r"<style\b.*?</style>", "", svg, flags=re.S)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    for old, new in COLOURS.items():
        svg = svg.replace(old, new)
    box = re.search(r'viewBox="[^"]*"', svg)
    assert box, "matplotlib writes a viewBox"
    body = svg[svg.index(">") + 1 :]
    body = re.sub(r"\s*\n\s*", "\n", body)
    label = html.escape(alt, quote=True)
    return (
        f'<svg {box[0]} role="img" aria-label="{label}" '
        'xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink">{body}'
    )


def words(svg: str) -> list[str]:
    """Return the texts of a plot that are made of words."""
    texts = (html.unescape(m[2]).strip() for m in TEXT.finditer(svg))
    return [t for t in texts if WORDS.search(t)]


def translated(svg: str, labels: dict[str, str]) -> str:
    """Replace the words of a plot; `KeyError` names one without a label."""

    def replace(m: re.Match[str]) -> str:
        text = html.unescape(m[2]).strip()
        if not WORDS.search(text):
            return m[0]
        return m[1] + html.escape(labels[text], quote=False) + m[3]

    return TEXT.sub(replace, svg)
