"""Formulas are set when the site is built: no script for the reader."""

import atexit
import html
import re
from functools import cache
from typing import Any

from website import ROOT

VENDOR = ROOT / "website" / "vendor" / "katex"
MATH = re.compile(
    r'<(span|div) class="arithmatex">\s*'
    r"(?:\\\((.*?)\\\)|\\\[(.*?)\\\])\s*</\1>",
    re.S,
)


class MathError(ValueError):
    """A formula that KaTeX refuses."""

    def __init__(self, tex: str, reason: str) -> None:
        self.tex = tex
        super().__init__(f"KaTeX cannot set {tex!r}: {reason}")


@cache
def _engine() -> Any:
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    atexit.register(engine.close)  # without it the interpreter may hang at exit
    engine.eval((VENDOR / "katex.min.js").read_text("utf-8"))
    return engine


@cache
def formula(tex: str, display: bool) -> str:
    """Return a formula as HTML with MathML inside."""
    options = {"displayMode": display, "throwOnError": True, "strict": "error"}
    try:
        return str(_engine().call("katex.renderToString", tex, options))
    except Exception as error:  # the engine has no narrower kind
        raise MathError(tex, str(error).splitlines()[0][:200]) from None


def render(page: str) -> str:
    """Set every formula that the Markdown extension has marked."""

    def one(m: re.Match[str]) -> str:
        display = m[3] is not None
        tex = html.unescape(m[3] if display else m[2]).strip()
        focus = ' tabindex="0"' if display else ""
        set_ = formula(tex, display)
        return f'<{m[1]} class="arithmatex"{focus}>{set_}</{m[1]}>'

    return MATH.sub(one, page)
