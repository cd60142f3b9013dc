"""The rules of the house, as functions of source text: what is broken.

Each returns sentences; an empty list is a promise kept. `test_map.py` applies
them to the project, `test_rules.py` proves that each of them can fail.
"""

import ast
import re
from pathlib import Path

from pfs import papers

# From torch.nn: the containers of parameters and their filling, nothing else.
NN_ALLOWED = {
    "Buffer",
    "Module",
    "ModuleDict",
    "ModuleList",
    "Parameter",
    "ParameterDict",
    "ParameterList",
    "Sequential",
    "init",
}
OPTIM_ALLOWED = {"Optimizer"}
# Ready-made layers that torch also offers as plain functions or methods.
READY_MADE = {
    *("adaptive_avg_pool1d", "alpha_dropout", "avg_pool1d", "batch_norm"),
    *("bilinear", "celu", "conv1d", "conv2d", "conv3d", "conv_transpose2d"),
    *("cosine_embedding_loss", "cosine_similarity", "cross_entropy", "dropout"),
    *("embedding", "embedding_bag", "feature_dropout", "group_norm", "gru"),
    *("gru_cell", "instance_norm", "layer_norm", "log_softmax", "logsigmoid"),
    *("lstm", "lstm_cell", "max_pool1d", "max_pool2d", "native_layer_norm"),
    *("nll_loss", "native_batch_norm", "prelu", "relu", "relu_", "rms_norm"),
    *("rnn_relu", "rnn_relu_cell", "rnn_tanh", "rnn_tanh_cell", "rrelu"),
    *("scaled_dot_product_attention", "selu", "sigmoid_cross_entropy"),
    *("softmax", "native_dropout", "native_multi_head_attention"),
}
METHODS_ALLOWED = {"relu_"}  # the in-place maximum with 0, inside a loop
FORBIDDEN_MODULES = ("torch.nn.functional", "torch.nn.modules", "torch.ops")
FORBIDDEN_MODULES += ("torch._C", "torch.nn.utils", "torchvision")
LAYERS = {  # a folder may import those left of it, and itself
    "shapes": 0,
    "errors": 0,
    "registry": 0,
    "papers": 1,
    "orders": 2,
    "ledger": 2,
    "terms": 2,
    "backend": 1,
    "nn": 2,
    "optim": 3,
    "text": 3,
    "data": 4,
    "topic": 5,
    "training": 5,
    "recipes": 6,
    "homework": 7,
    "commands": 7,
    "cli": 8,
    "__main__": 9,
}
REGISTRY = ("papers", "orders", "ledger", "terms", "registry", "errors")


def imports(tree: ast.AST) -> list[tuple[int, str]]:
    """Return every name that a module imports, in full, with its line."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = f"{node.module}." if node.module else ""
            found += [(node.lineno, start + a.name) for a in node.names]
    return found


def names(tree: ast.AST) -> dict[str, str]:
    """Return what each imported name stands for, aliases included."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for a in node.names:
                known[a.asname or a.name.split(".")[0]] = (
                    a.name if a.asname else a.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            for a in node.names:
                known[a.asname or a.name] = f"{node.module}.{a.name}"
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


def impure(source: str) -> list[str]:
    """Return the uses of torch that are ready-made layers."""
    tree = ast.parse(source)
    known = names(tree)
    used = [(line, name) for line, name in imports(tree)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            name = dotted(node, known)
            if name:
                used.append((node.lineno, name))
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in READY_MADE - METHODS_ALLOWED
            and ast.unparse(node.func.value) != "self"
            and not dotted(node.func, known)
        ):
            used.append((node.lineno, f"Tensor.{node.func.attr}"))
        is_getattr = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("getattr", "eval", "exec", "__import__")
            and any(
                dotted(a, known).startswith("torch")
                or (isinstance(a, ast.Name) and a.id == "torch")
                or (isinstance(a, ast.Constant) and "torch" in str(a.value))
                for a in node.args
            )
        )
        if is_getattr:
            used.append((node.lineno, f"torch by {node.func.id}"))
    return sorted(
        {
            f"line {line}: {name} is ready-made"
            for line, name in used
            if _is_ready_made(name)
        }
    )


def _is_ready_made(name: str) -> bool:
    if name.endswith(".*") and name.startswith("torch"):
        return True
    if name.startswith("torch by "):
        return True
    if any(name == m or name.startswith(f"{m}.") for m in FORBIDDEN_MODULES):
        return True
    parts = name.split(".")
    if parts[:2] == ["torch", "nn"] and len(parts) > 2:
        return parts[2] not in NN_ALLOWED
    if parts[:2] == ["torch", "optim"] and len(parts) > 2:
        return parts[2] not in OPTIM_ALLOWED
    if parts[0] in ("torch", "Tensor") and len(parts) == 2:
        return parts[1] in READY_MADE
    return False


def part_of(module: str) -> str:
    """Return the floor of the house that a module stands on."""
    part = module.split(".")[1] if "." in module else ""
    if part in {paper.topic for paper in papers.load().values()} - {"optim"}:
        return "topic"
    return part


def wrong_direction(module: str, source: str) -> list[str]:
    """Return imports that go up, or sideways to a paper not needed."""
    here = part_of(module)
    if here not in LAYERS:
        return [] if not here else [f"{here} has no place in the house"]
    owner = {p.module: p for p in papers.load().values()}
    found = []
    for line, name in imports(ast.parse(source)):
        if not name.startswith("pfs.") and name != "pfs":
            if here in REGISTRY and name.split(".")[0] == "torch":
                found.append(f"line {line}: the registry imports torch")
            continue
        there = part_of(name)
        if there and LAYERS.get(there, 99) > LAYERS[here]:
            found.append(f"line {line}: {here} imports {name}, which is above")
        other = next((m for m in owner if name.startswith(m)), None)
        mine = owner.get(module)
        if other and mine and other != module:
            allowed = {p.id for p in papers.path_to(mine.id)}
            if owner[other].id not in allowed:
                found.append(
                    f"line {line}: {mine.id} does not need {owner[other].id}"
                )
        if other and here in ("training", "data", "text", "nn"):
            found.append(f"line {line}: {here} knows the paper {other}")
    return found


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


def undocumented(source: str) -> list[str]:
    """Return what the docstrings of bricks and papers leave out."""
    found = []
    for node in public(ast.parse(source)):
        doc = ast.get_docstring(node) or ""
        parts = set(re.findall(r"^(\w+):$", doc, re.M))
        wanted = {"Source", "Differs", "Example"}
        signature = _signature(node)
        if signature:
            wanted.add("Args")
        is_function = isinstance(node, ast.FunctionDef)
        if is_function and _returns(node):
            wanted.add("Returns")
        missing = sorted(wanted - parts)
        if missing:
            found.append(f"{node.name}: no {', '.join(missing)}")
        for name in signature:
            if "Args" in parts and not re.search(rf"^    {name}: ", doc, re.M):
                found.append(f"{node.name}: {name} is not explained")
        if ">>>" not in doc and "Example" in parts:
            found.append(f"{node.name}: the example does not run")
        if _raises(node) and "Raises" not in parts:
            found.append(f"{node.name}: no Raises")
    return found


def _signature(node: ast.ClassDef | ast.FunctionDef) -> list[str]:
    function: ast.AST | None = node
    if isinstance(node, ast.ClassDef):
        function = next(
            (
                n
                for n in node.body
                if isinstance(n, ast.FunctionDef) and n.name == "__init__"
            ),
            None,
        )
    if not isinstance(function, ast.FunctionDef):
        return []
    a = function.args
    every = [*a.posonlyargs, *a.args, *a.kwonlyargs]
    return [x.arg for x in every if x.arg not in ("self", "cls", "ctx")]


def _returns(node: ast.FunctionDef) -> bool:
    return not (
        isinstance(node.returns, ast.Constant) and node.returns.value is None
    )


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
    """Return tensors in signatures that do not say their shape."""
    found = []
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        if {"staticmethod"} & {ast.unparse(d) for d in node.decorator_list}:
            continue
        for a in [*node.args.args, *node.args.kwonlyargs]:
            note = ast.unparse(a.annotation) if a.annotation else ""
            if note.startswith("Callable"):
                continue
            if re.search(r"(?<![\[\w.])Tensor\b(?!\s*,)", note):
                found.append(f"{node.name}: {a.arg} has no shape")
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


def too_long(source: str, lines: int = 300, body: int = 40) -> list[str]:
    """Return files and functions that nobody reads in one go."""
    found = []
    count = source.count("\n")
    if count > lines:
        found.append(f"{count} lines, at most {lines}")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            start = node.body[0]
            doc = ast.get_docstring(node, clean=False)
            first = (start.end_lineno or 0) + 1 if doc else start.lineno
            size = (node.end_lineno or 0) - first + 1
            if size > body:
                found.append(f"{node.name}: {size} lines, at most {body}")
    return found


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
        if name == "open" and not binary and not named:
            found.append(f"line {node.lineno}: open without encoding")
        if name == "read_text" and not node.args and "encoding" not in given:
            found.append(f"line {node.lineno}: read_text without encoding")
        if (
            name == "write_text"
            and len(node.args) < 2
            and "encoding" not in given
        ):
            found.append(f"line {node.lineno}: write_text without encoding")
    return found


def codes_raised(source: str) -> set[str]:
    """Return the error codes that a module raises."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            name = ast.unparse(node.func).split(".")[-1]
            first = node.args[0]
            if name.startswith("Pfs") and isinstance(first, ast.Constant):
                found.add(str(first.value))
    return found


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
        rooms.append(f"{folder}/homework/{paper.id}.ipynb")
    return [f"missing: {r}" for r in rooms if not (root / r).is_file()]
