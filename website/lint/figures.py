"""The words in drawn figures: there in each language, and our words."""

import ast
from pathlib import Path

from website.lint.language import language_of
from website.problems import Problem


def words_of(path: Path) -> list[Problem]:
    """Check the table `WORDS` of a file that draws."""
    found = []
    for key, value in _entries(path):
        if not isinstance(key, ast.Constant) or not isinstance(value, ast.Dict):
            continue
        texts = {
            name.value: text
            for name, text in zip(value.keys, value.values, strict=True)
            if isinstance(name, ast.Constant)
        }
        for language in ("ko", "zh"):
            text = texts.get(language)
            if text is None:
                message = f"{key.value!r} has no {language} word"
                found.append(Problem(path, key.lineno, message))
            elif isinstance(text, ast.Constant):
                for one in language_of(path, str(text.value), language):
                    found.append(Problem(path, text.lineno, one.message))
    return found


def _entries(path: Path) -> list[tuple[ast.expr | None, ast.expr]]:
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case (
                ast.Assign(
                    targets=[ast.Name(id="WORDS")], value=ast.Dict() as d
                )
                | ast.AnnAssign(
                    target=ast.Name(id="WORDS"), value=ast.Dict() as d
                )
            ):
                return list(zip(d.keys, d.values, strict=True))
    return []
