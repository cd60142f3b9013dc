"""Small changes of the solutions: does the checker see each of them?"""

import ast
import copy
import itertools
from collections.abc import Iterator
from typing import Final

from pfs.homework.exercises import Exercise
from pfs.homework.limits import stopwatch
from pfs.homework.lint import check
from pfs.homework.subject import OutOfTime

OPERATORS: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
METHODS: Final = {
    "tanh": "sigmoid",
    "sigmoid": "tanh",
    "exp": "expm1",
    "sum": "mean",
    "mean": "sum",
    "amax": "amin",
    "max": "min",
    "sqrt": "square",
    "triu": "tril",
    "tril": "triu",
    "ones": "zeros",
    "zeros": "ones",
}
SECONDS: Final = 10.0


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Return changed sources, each with one small change.

    Args:
        source: Of a solution.

    Yields:
        What was changed, and the source.
    """
    tree = ast.parse(source)
    count = sum(1 for _ in ast.walk(tree))
    for place in range(count):
        for words, change in _changes(tree, place):
            if change is not None:
                yield words, ast.unparse(ast.fix_missing_locations(change))


def survivors(exercise: Exercise) -> tuple[int, list[str]]:
    """Judge all mutants of a solution.

    Args:
        exercise: The exercise.

    Returns:
        How many were caught, and those that were not.
    """
    killed, alive = 0, []
    for words, source in mutants(exercise.solution):
        try:
            with stopwatch(SECONDS):
                caught = not check(exercise, source).passed
        except OutOfTime:
            caught = True
        if caught:
            killed += 1
        else:
            alive.append(words)
    return killed, alive


def _changes(
    tree: ast.Module, place: int
) -> Iterator[tuple[str, ast.Module | None]]:
    """Return the trees with the node of this number changed."""
    node = _at(tree, place)
    line = getattr(node, "lineno", 0)
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        other = OPERATORS.get(type(node.op))
        if other:
            new = copy.deepcopy(tree)
            _at(new, place).op = other()  # type: ignore[attr-defined]
            yield f"line {line}: {_word(node.op)} -> {other.__name__}", new
    elif isinstance(node, ast.Compare):
        other = OPERATORS.get(type(node.ops[0]))
        if other:
            new = copy.deepcopy(tree)
            _at(new, place).ops[0] = other()  # type: ignore[attr-defined]
            yield f"line {line}: {_word(node.ops[0])} -> {other.__name__}", new
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        if isinstance(node.operand, ast.Constant):
            return
        new = copy.deepcopy(tree)
        _at(new, place).op = ast.UAdd()  # type: ignore[attr-defined]
        yield f"line {line}: a minus is dropped", new
    elif isinstance(node, ast.Constant):
        for value in _constants(node.value):
            new = copy.deepcopy(tree)
            _at(new, place).value = value  # type: ignore[attr-defined]
            yield f"line {line}: {node.value!r} -> {value!r}", new
    elif isinstance(node, ast.Attribute) and node.attr in METHODS:
        new = copy.deepcopy(tree)
        _at(new, place).attr = METHODS[node.attr]  # type: ignore[attr-defined]
        yield f"line {line}: {node.attr} -> {METHODS[node.attr]}", new


def _constants(value: object) -> list[object]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1]
    if isinstance(value, float):
        return [value * 2 + 1e-3]
    return []


def _word(node: ast.AST) -> str:
    return type(node).__name__


def _at(tree: ast.Module, place: int) -> ast.AST:
    return next(itertools.islice(ast.walk(tree), place, None))
