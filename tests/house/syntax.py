"""What a module imports, and what the names in it stand for."""

import ast


def imports(tree: ast.AST) -> list[tuple[int, str]]:
    """Return every name that a module imports, in full, with its line."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            start += "." if node.module else ""
            found += [(node.lineno, start + a.name) for a in node.names]
    return found


def names(tree: ast.AST) -> dict[str, str]:
    """Return what each imported name stands for, aliases included."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for a in node.names:
                first = a.name.split(".")[0]
                known[a.asname or first] = a.name if a.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module:
            for a in node.names:
                known[a.asname or a.name] = f"{node.module}.{a.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], dotted(node.value, known)
            if isinstance(target, ast.Name) and value:
                known.setdefault(target.id, value)
    return known


def dotted(node: ast.AST, known: dict[str, str]) -> str:
    """Return the full name of `a.b.c`, its first part resolved."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    first = known.get(node.id, "")
    return ".".join([first, *reversed(parts)]) if first else ""


def functions(tree: ast.AST) -> list[ast.FunctionDef]:
    """Return all functions and methods, nested ones too."""
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]


def public(tree: ast.Module) -> list[ast.ClassDef | ast.FunctionDef]:
    """Return the classes and functions that a module offers."""
    return [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        and not node.name.startswith("_")
        and "Function"
        not in [ast.unparse(b) for b in getattr(node, "bases", [])]
    ]
