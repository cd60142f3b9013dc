"""What docstrings and signatures say, and how the equations are numbered."""

import ast
import re

from house.syntax import functions, public

PARAMETERS = 8  # of functions; a twin has as many as torch's
TENSOR = re.compile(r"(?<![\[\w.])Tensor\b(?!\s*,)")


def undocumented(source: str) -> list[str]:
    """Return what the docstrings of bricks and papers leave out."""
    found = []
    for node in public(ast.parse(source)):
        doc = ast.get_docstring(node) or ""
        parts = set(re.findall(r"^(\w+):$", doc, re.M))
        wanted = {"Source", "Differs", "Examples"}
        signature = _signature(node)
        if signature:
            wanted.add("Args")
        if isinstance(node, ast.FunctionDef) and _returns(node):
            wanted.add("Returns")
        if _raises(node):
            wanted.add("Raises")
        if missing := sorted(wanted - parts):
            found.append(f"{node.name}: no {', '.join(missing)}")
        if "Args" in parts:
            found += [f"{node.name}: {s}" for s in _arguments(doc, signature)]
        if ">>>" not in doc and "Examples" in parts:
            found.append(f"{node.name}: the example does not run")
    return found


def _arguments(doc: str, signature: list[str]) -> list[str]:
    """Compare the names under Args with the signature."""
    block = re.search(r"^Args:\n((?:(?:    .*)?\n?)+)", doc, re.M)
    told = re.findall(r"^    (\*{0,2}\w+): ", block[1] if block else "", re.M)
    told = [name.lstrip("*") for name in told]
    found = [f"{n} is not explained" for n in signature if n not in told]
    found += [f"{n} is no argument" for n in told if n not in signature]
    if not found and told != signature:
        found.append("Args in another order than the signature")
    return found


def _signature(node: ast.ClassDef | ast.FunctionDef) -> list[str]:
    function: ast.AST | None = node
    if isinstance(node, ast.ClassDef):
        inits = [f for f in node.body if getattr(f, "name", "") == "__init__"]
        function = inits[0] if inits else None
    if not isinstance(function, ast.FunctionDef):
        return []
    a = function.args
    every = [*a.posonlyargs, *a.args]
    every += [a.vararg] if a.vararg else []
    every += [*a.kwonlyargs, *([a.kwarg] if a.kwarg else [])]
    return [x.arg for x in every if x.arg not in ("self", "cls", "ctx")]


def _returns(node: ast.FunctionDef) -> bool:
    note = node.returns
    return not (isinstance(note, ast.Constant) and note.value is None)


def _raises(node: ast.AST) -> bool:
    return any(
        isinstance(n, ast.Raise)
        or (
            isinstance(n, ast.Call)
            and ast.unparse(n.func).startswith("checks.")
        )
        for n in ast.walk(node)
    )


def shapeless(source: str) -> list[str]:
    """Return tensors in public signatures that do not say their shape."""
    found = []
    for node in functions(ast.parse(source)):
        marks = {ast.unparse(d) for d in node.decorator_list}
        if node.name.startswith("_") or "staticmethod" in marks:
            continue
        for a in [*node.args.args, *node.args.kwonlyargs]:
            note = ast.unparse(a.annotation) if a.annotation else ""
            if not note.startswith("Callable") and TENSOR.search(note):
                found.append(f"{node.name}: {a.arg} has no shape")
        note = ast.unparse(node.returns) if node.returns else ""
        bare = TENSOR.search(note) and not note.startswith("Callable")
        if bare and node.name != "step":  # torch's signature: the loss
            found.append(f"{node.name}: what it returns has no shape")
    return found


def equations_apart(source: str) -> list[str]:
    """Return classes whose `\\tag{n}` and `# (n)` do not meet."""
    found = []
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef):
            continue
        doc = ast.get_docstring(node) or ""
        tags = set(re.findall(r"\\tag\{(\w+)\}", doc))
        text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        marks = set(re.findall(r"# \((\w+)\)$", text, re.M))
        if tags - marks:
            found.append(f"{node.name}: no line is ({min(tags - marks)})")
        if tags and marks - tags:
            found.append(f"{node.name}: no equation ({min(marks - tags)})")
    return found


def equations_not_shown(source: str, note: str) -> list[str]:
    """Return equations of a module that its note does not have."""
    tag = r"\\tag\{(\w+)\}"
    missing = set(re.findall(tag, source)) - set(re.findall(tag, note))
    return [f"the note has no equation ({one})" for one in sorted(missing)]


def too_long(source: str, lines: int = 300, body: int = 40) -> list[str]:
    """Return files and functions that nobody reads in one go."""
    found = []
    count = source.count("\n")
    if count > lines:
        found.append(f"{count} lines, at most {lines}")
    for node in functions(ast.parse(source)):
        start = node.body[0]
        doc = ast.get_docstring(node, clean=False)
        first = (start.end_lineno or 0) + 1 if doc else start.lineno
        size = (node.end_lineno or 0) - first + 1
        if size > body:
            found.append(f"{node.name}: {size} lines, at most {body}")
    return found


def too_many(source: str) -> list[str]:
    """Return functions with too many parameters; twins of torch are excused.

    A twin is a method of a class, or a function that torch.nn.functional has.
    """
    from torch.nn import functional

    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not hasattr(
            functional, node.name
        ):
            count = len(_signature(node))
            if count > PARAMETERS:
                message = f"{count} parameters, at most {PARAMETERS}"
                found.append(f"{node.name}: {message}")
    return found
