"""Rooms of a paper, files and how they are opened, errors and their codes."""

import ast
import re
from pathlib import Path

from house.syntax import imports
from pfs import papers

LARGE = 500_000
TEXT = {".py", ".md", ".toml", ".yml", ".txt", ".html", ".css", ".js"}
TEXT |= {".json", ".ipynb", ".cff", ".jinja", ".xml", ".svg", ""}
# Folders of somebody's machine.
PLACES = re.compile(
    r"(?<![\w.~/])/(?:work|root|tmp|home/\w+|Users/\w+|opt)/[\w.]"
    r"|[A-Z]:\\Users"
)
BUILT_IN = {"ValueError", "TypeError", "IndexError", "OSError", "KeyError"}
BUILT_IN |= {"RuntimeError", "FileNotFoundError", "Exception"}


def missing_rooms(root: Path, paper: papers.Paper) -> list[str]:
    """Return the rooms that a written paper does not have yet."""
    topic, name = paper.module.split(".")[1:]
    rooms = [
        f"src/pfs/{topic}/{name}.py",
        f"tests/{topic}/test_{name}.py",
        f"website/figures/{paper.id}.py",
    ]
    for folder in ("docs", "docs/ko", "docs/zh"):
        rooms.append(f"{folder}/notes/{paper.id}.md")
    found = [f"missing: {r}" for r in rooms if not (root / r).is_file()]
    found += [f"empty: {r}" for r in rooms if _is_empty(root / r)]
    homework = root / "src/pfs/homework/exercises" / paper.id
    if not list(homework.glob("*/task.toml")):
        found.append(f"missing: exercises in {homework.relative_to(root)}")
    if not _has_recipe(root, paper):
        found.append(
            f"missing: a recipe in src/pfs/recipes that imports {paper.module}"
            ", or a line 'No recipe: why' in the module's docstring"
        )
    bank = root / "tests/mutants/bank.py"
    known = bank.read_text("utf-8") if bank.is_file() else ""
    if f'"{topic}/{name}.py"' not in known:
        found.append(f"missing: mistakes in {bank.name} for {topic}/{name}.py")
    return found


def _is_empty(path: Path) -> bool:
    """Tell whether a room was laid out and never furnished."""
    if not path.is_file() or path.suffix == ".md":
        return False  # website.lint reads the notes
    text = path.read_text("utf-8")
    kinds = (ast.FunctionDef, ast.ClassDef)
    return not any(isinstance(n, kinds) for n in ast.parse(text).body)


def _has_recipe(root: Path, paper: papers.Paper) -> bool:
    module = root / "src" / (paper.module.replace(".", "/") + ".py")
    if module.is_file():
        doc = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
        if re.search(r"^No recipe: \w", doc, re.M):
            return True
    return any(
        name.startswith(f"{paper.module}.") or name == paper.module
        for path in (root / "src/pfs/recipes").glob("*.py")
        for _, name in imports(ast.parse(path.read_text("utf-8")))
    )


def without_encoding(source: str) -> list[str]:
    """Return files opened as text without saying how they are written."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).split(".")[-1]
        given = {k.arg for k in node.keywords}
        modes = [
            str(a.value)
            for a in node.args
            if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        binary = any("b" in m and len(m) < 4 for m in modes)
        named = "encoding" in given or {"utf-8", "utf-8-sig"} & set(modes)
        if ast.unparse(node.func) == "os.open":
            continue  # a descriptor has no encoding
        if name == "open" and not binary and not named:
            found.append(f"line {node.lineno}: open without encoding")
        if name == "read_text" and not node.args and "encoding" not in given:
            found.append(f"line {node.lineno}: read_text without encoding")
        few = len(node.args) < 2 and "encoding" not in given
        if name == "write_text" and few:
            found.append(f"line {node.lineno}: write_text without encoding")
    return found


def codes_raised(source: str) -> set[str]:
    """Return the error codes that a module raises."""
    return {code for node in _ours(source) for code in _codes(node)}


def _codes(node: ast.Call) -> set[str]:
    """Return the codes that stand in an error's first argument."""
    first = ast.walk(node.args[0]) if node.args else []
    values = [n.value for n in first if isinstance(n, ast.Constant)]
    return {str(v) for v in values if re.fullmatch(r"[A-Z]\d\d", str(v))}


def errors_without_code(source: str) -> list[str]:
    """Return errors that give no code, or Python's own instead of ours."""
    found = []
    for node in _ours(source):
        if not _codes(node):
            found.append(f"line {node.lineno}: the code is not written here")
        given = {k.arg for k in node.keywords}
        missing = {"where", "expected", "got", "todo"} - given
        if missing:
            message = f"the error does not say {', '.join(sorted(missing))}"
            found.append(f"line {node.lineno}: {message}")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Raise) and node.exc:
            error = node.exc
            error = error.func if isinstance(error, ast.Call) else error
            if ast.unparse(error) in BUILT_IN:
                name = ast.unparse(error)
                found.append(f"line {node.lineno}: {name} has no code")
    return found


def _ours(source: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and re.fullmatch(r"(?:\w+\.)?Pfs\w*Error", ast.unparse(node.func))
    ]


def indiscreet(path: Path) -> list[str]:
    """Return what a file should not hold: bulk, or places of a machine."""
    found = []
    if path.stat().st_size > LARGE:
        found.append(f"{path.stat().st_size:,} bytes, at most {LARGE:,}")
    if path.suffix in TEXT:
        text = path.read_text("utf-8")
        for number, line in enumerate(text.split("\n"), 1):
            if m := PLACES.search(line):
                found.append(f"line {number}: {m[0]!r}")
    return found
