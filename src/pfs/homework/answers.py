"""The learner's file: is it started, can it be read, what does it define."""

import ast
import linecache
from types import CodeType
from typing import Any

from pfs.homework.battery import Battery
from pfs.homework.stop import Stop
from pfs.homework.subject import Fault, Local, OutOfTime, fault_of


def skeleton(source: str) -> str:
    """Return the code of a source without comments and docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        kinds = ast.Module | ast.FunctionDef | ast.ClassDef
        if isinstance(node, kinds) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)


def compiled(source: str, file: str, start: str = "") -> CodeType:
    """Compile the learner's source.

    Args:
        source: Its text.
        file: Its name, for tracebacks.
        start: What the learner found; unchanged it is not started.

    Returns:
        The code.

    Raises:
        Stop: H00 if nothing was written yet, H01 with the line of a mistake
            in the syntax.
    """
    try:
        code = compile(source, file, "exec")
        unchanged = start and skeleton(source) == skeleton(start)
    except (SyntaxError, ValueError) as error:
        line = str(getattr(error, "lineno", "") or "")
        text = (getattr(error, "text", "") or "").strip()
        reason = getattr(error, "msg", "") or str(error)
        raise Stop("H01", line=line, error=reason, text=text) from None
    if unchanged:
        raise Stop("H00")
    return code


def defined(code: CodeType, source: str, file: str, name: str) -> Any:
    """Run the learner's code and return what it was to define.

    Args:
        code: Of `compiled`.
        source: Its text, for tracebacks.
        file: Its name.
        name: Of the function or class.

    Returns:
        The function or class.

    Raises:
        Stop: H02 if the file cannot be run, H03 if the name is not there.
    """
    lines = source.splitlines(keepends=True)
    linecache.cache[file] = (len(source), None, lines, file)
    space: dict[str, Any] = {"__name__": "homework", "__file__": file}
    try:
        exec(code, space)
    except (KeyboardInterrupt, OutOfTime):
        raise
    except BaseException as error:
        fault = fault_of(error, file=file)
        raise _stopped(fault) from None
    if not callable(space.get(name)):
        raise Stop("H03", name=name)
    return space[name]


def _stopped(fault: Fault) -> Stop:
    return Stop(
        "H02",
        line=str(fault.line or ""),
        text=fault.text,
        error=f"{fault.name}: {fault.message}",
        log=fault.log,
    )


def subject(battery: Battery, thing: Any, file: str) -> Local:
    """Make a function of tensors out of what the learner wrote."""
    if battery.adapt is None:
        return Local(thing, file)
    return Local(battery.adapt(thing), file)


def forget(file: str) -> None:
    """Forget the text of a file, which tracebacks show."""
    linecache.cache.pop(file, None)
