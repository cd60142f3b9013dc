"""Every error code, explained in English, Korean and Chinese.

Reads `errors.toml` and refuses what does not hold together. Nothing here
imports torch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pfs.errors import CODES
from pfs.papers import LANGUAGES
from pfs.registry import Kinds, known_keys, read_table, refuse

HERE = Path(__file__).parent
REQUIRED: Kinds = {"title": dict, "why": dict, "fix": dict}
OPTIONAL: Kinds = {"example": str}


@dataclass(frozen=True)
class Explanation:
    """What a code means and what to do.

    Source:
        `errors.toml`

    Differs:
        nothing
    """

    code: str
    title: Mapping[str, str]
    why: Mapping[str, str]
    fix: Mapping[str, str]
    example: str = ""


def parse(text: str, path: Path) -> dict[str, Explanation]:
    """Turn the text of `errors.toml` into explanations, after a look at each.

    Args:
        text: The file's content.
        path: Its name, for messages.

    Returns:
        The explanations by code.

    Raises:
        ValueError: K01, with file, line, expected and got.

    Source:
        This project.

    Differs:
        nothing
    """
    found = {}
    for code, table in read_table(text, path).items():
        known_keys(table, REQUIRED, OPTIONAL, path, text, code)
        for key in REQUIRED:
            kinds = dict.fromkeys(LANGUAGES, str)
            known_keys(table[key], kinds, {}, path, text, code)
        if table["title"]["en"] != CODES.get(code):
            got = table["title"]["en"]
            refuse(path, text, f"[{code}]", CODES.get(code, "a code"), got)
        values = {**table, "example": table.get("example", "").strip("\n")}
        found[code] = Explanation(code=code, **values)
    if list(found) != sorted(CODES):
        missing = sorted(set(CODES) ^ set(found)) or "another order"
        refuse(path, text, "the codes", "those of errors.py, sorted", missing)
    return found


@cache
def load() -> Mapping[str, Explanation]:
    """Read the explanations that come with the package.

    Returns:
        The explanations by code.

    Raises:
        ValueError: K01 if `errors.toml` does not hold together.

    Examples:
        >>> load()["T05"].title["ko"]
        '체크포인트가 손상되었습니다'

    Source:
        This project.

    Differs:
        nothing
    """
    path = HERE / "errors.toml"
    return parse(path.read_text("utf-8"), path)


def explain(code: str, language: str = "en") -> str:
    """Explain a code as plain text.

    Args:
        code: A key of `pfs.errors.CODES`.
        language: `en`, `ko` or `zh`.

    Returns:
        Title, reason, what to do, and an example if there is one.

    Raises:
        KeyError: If there is no such code or language.

    Examples:
        >>> print(explain("X06", "zh").splitlines()[0])
        X06: 文本为空或太短

    Source:
        This project.

    Differs:
        nothing
    """
    one = load()[code]
    parts = [f"{code}: {one.title[language]}", one.why[language]]
    parts += [one.fix[language]]
    if one.example:
        parts.append("\n".join(f"    {x}" for x in one.example.splitlines()))
    return "\n\n".join(parts)
