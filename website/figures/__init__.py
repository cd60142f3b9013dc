"""Figures drawn by code: `website.figures.<page>.<figure>(t)` returns SVG.

`t` translates a word; each page's module lists its words in `WORDS`. A
drawing uses `currentColor` and the colours of the theme (`--pfs-1` to
`--pfs-6`), so it follows light and dark. Units are the pixels of a narrow
phone: a figure 360 wide is read there without zooming.
"""

from collections.abc import Iterable
from html import escape

MUTED = "color-mix(in srgb, currentColor 55%, transparent)"


def colour(n: int) -> str:
    """Colour `n` of the theme, 1 to 6; 0 is the colour of the text."""
    return f"var(--pfs-{n})" if n else "currentColor"


def math(name: str, below: str = "", *, bold: bool = False) -> str:
    """A letter with an index, for `Drawing.text(raw=True)`."""
    weight = ' font-weight="600"' if bold else ""
    letter = f'<tspan font-style="italic"{weight}>{escape(name)}</tspan>'
    if not below:
        return letter
    return f'{letter}<tspan dy="4" font-size="70%">{escape(below)}</tspan>'


class Drawing:
    """A list of SVG elements; every method adds one."""

    def __init__(self, width: int, height: int, name: str) -> None:
        self.width = width
        self.height = height
        self.name = name
        self.parts: list[str] = []
        self.heads: set[int] = set()

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 13,
        n: int = 0,
        anchor: str = "middle",
        raw: bool = False,
        bold: bool = False,
        muted: bool = False,
        mono: bool = False,
    ) -> None:
        """Write words with their middle line at `y`."""
        more = ' font-weight="600"' if bold else ""
        if mono:
            more += ' font-family="var(--md-code-font-family, monospace)"'
        fill = MUTED if muted else colour(n)
        self.parts.append(
            f'<text x="{x:g}" y="{y + size * 0.35:.1f}" font-size="{size:g}" '
            f'text-anchor="{anchor}" style="fill:{fill}"{more}>'
            f"{words if raw else escape(words)}</text>"
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        n: int = 0,
        fill: float = 0.0,
        dashed: bool = False,
        round: float = 6,
    ) -> None:
        """Draw a box around the centre (`x`, `y`)."""
        c = colour(n)
        dash = ' stroke-dasharray="4 3"' if dashed else ""
        self.parts.append(
            f'<rect x="{x - width / 2:g}" y="{y - height / 2:g}" '
            f'width="{width:g}" height="{height:g}" rx="{round:g}" '
            f'style="stroke:{c};fill:{c};fill-opacity:{fill:g}" '
            f'stroke-width="1.5"{dash}/>'
        )

    def dot(
        self, x: float, y: float, r: float, *, n: int = 0, fill: float = 0.0
    ) -> None:
        """Draw a circle."""
        c = colour(n)
        self.parts.append(
            f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" stroke-width="1.5" '
            f'style="stroke:{c};fill:{c};fill-opacity:{fill:g}"/>'
        )

    def path(
        self,
        d: str,
        *,
        n: int = 0,
        head: bool = False,
        width: float = 1.5,
        dashed: bool = False,
        muted: bool = False,
    ) -> None:
        """Draw a path, with an arrowhead at its end if asked for."""
        c = MUTED if muted else colour(n)
        more = ' stroke-dasharray="4 3"' if dashed else ""
        if head:
            kind = -1 if muted else n
            self.heads.add(kind)
            more += f' marker-end="url(#{self._head(kind)})"'
        self.parts.append(
            f'<path d="{d}" fill="none" stroke-width="{width:g}" '
            f'style="stroke:{c}"{more}/>'
        )

    def arrow(
        self,
        points: Iterable[tuple[float, float]],
        *,
        n: int = 0,
        width: float = 1.5,
        dashed: bool = False,
        muted: bool = False,
    ) -> None:
        """Draw a straight or bent arrow through the points."""
        d = "M" + " L".join(f"{x:g} {y:g}" for x, y in points)
        self.path(d, n=n, head=True, width=width, dashed=dashed, muted=muted)

    def _head(self, n: int) -> str:
        return f"head-{self.name}-{'m' if n < 0 else n}"

    def svg(self) -> str:
        """Return the drawing as one `<svg>` element."""
        heads = "".join(
            f'<marker id="{self._head(n)}" viewBox="0 0 8 8" refX="7" refY="4" '
            'markerUnits="userSpaceOnUse" markerWidth="8" markerHeight="8" '
            'orient="auto"><path d="M0 0.5 L8 4 L0 7.5 z" '
            f'style="fill:{MUTED if n < 0 else colour(n)}"/></marker>'
            for n in sorted(self.heads)
        )
        # One and a half times the size of a phone is as large as words look
        # right beside the text of a wide page.
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" '
            f'viewBox="0 0 {self.width} {self.height}" '
            f'style="display:block;margin:auto;width:100%;height:auto;'
            f'max-width:{self.width * 1.5:g}px" '
            'font-family="inherit" stroke-linecap="round" '
            'stroke-linejoin="round">'
            f"<defs>{heads}</defs>{''.join(self.parts)}</svg>"
        )
