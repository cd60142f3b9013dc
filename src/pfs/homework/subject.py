"""The learner's code, asked: arguments in, results and gradients out.

A judge only sees answers. So the code may run here, or in a process of its
own with limits, and what is right never travels there.
"""

import inspect
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor

from pfs.homework import trees
from pfs.homework.battery import NoModule, WrongParameters
from pfs.homework.guard import Guard


@dataclass(frozen=True)
class Request:
    """One call of the learner's function."""

    arguments: tuple[Any, ...]
    gradients: tuple[int, ...] = ()
    """Of which arguments the gradient is wanted."""
    seed: int = 0
    """Of torch's random numbers, and of the cotangents."""
    forbid: tuple[str, ...] = ()
    """What is looked for while it runs."""


@dataclass(frozen=True)
class Fault:
    """What was raised, and where in the learner's file."""

    kind: str
    """`signature`, `parameters`, `time`, `memory` or `raised`."""
    name: str
    message: str
    line: int | None = None
    text: str = ""
    log: str = ""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    result: Any = None
    gradients: tuple[Tensor | None, ...] = ()
    touched: tuple[int, ...] = ()
    """Arguments that were changed."""
    used: tuple[str, ...] = ()
    """What was forbidden and used."""
    fault: Fault | None = None
    seconds: float = 0.0


@runtime_checkable
class Subject(Protocol):
    """Something that answers."""

    def ask(self, request: Request) -> Answer:
        """Carry out one call."""


class OutOfTime(BaseException):
    """The time for a check is over."""


@dataclass(frozen=True)
class Local:
    """A function of this process."""

    function: Callable[..., Any]
    file: str = ""
    """The learner's file: only its lines are shown."""

    def ask(self, request: Request) -> Answer:
        """Carry out one call, whatever it raises.

        Args:
            request: Arguments and what is wanted.

        Returns:
            The answer, or the fault.
        """
        start = time.perf_counter()
        arguments = [trees.change(a, _detached) for a in request.arguments]
        before = trees.copied(arguments)
        for place in request.gradients:
            arguments[place].requires_grad_()
        torch.manual_seed(request.seed)
        try:
            return self._run(request, arguments, before, start)
        finally:
            _restore(arguments, before)

    def _run(
        self,
        request: Request,
        arguments: list[Any],
        before: list[Any],
        start: float,
    ) -> Answer:
        try:
            with (
                warnings.catch_warnings(action="ignore"),
                Guard(request.forbid, self.file) as guard,
            ):
                result = self.function(*arguments)
                gradients = _gradients(
                    result, arguments, request.gradients, request.seed
                )
        except OutOfTime:
            raise
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            return Answer(fault=fault_of(error, self.function, self.file))
        touched = [
            place
            for place, (old, new) in enumerate(
                zip(before, arguments, strict=True)
            )
            if not _same(old, new)
        ]
        return Answer(
            result=trees.copied(result),
            gradients=gradients,
            touched=tuple(touched),
            used=tuple(guard.used),
            seconds=time.perf_counter() - start,
        )


def cotangents(result: Any, seed: int) -> list[tuple[Tensor, Tensor]]:
    """Return the tensors of a result that have a gradient, and weights.

    Args:
        result: Of any form.
        seed: Decides the weights.

    Returns:
        Pairs of an output and a random cotangent of its shape.
    """
    generator = torch.Generator().manual_seed(seed)
    pairs = []
    for _, leaf in trees.leaves(result):
        if isinstance(leaf, Tensor) and leaf.is_floating_point():
            noise = torch.randn(
                leaf.shape, generator=generator, dtype=torch.float64
            )
            if leaf.requires_grad:
                pairs.append((leaf, noise.to(leaf.dtype)))
    return pairs


def derivatives(
    function: Callable[..., Any] | None,
    arguments: tuple[Any, ...],
    places: tuple[int, ...],
    seed: int,
) -> tuple[Tensor | None, ...]:
    """Differentiate what is right.

    Args:
        function: Of tensors.
        arguments: Of the function; they are left as they are.
        places: Of which arguments the gradient is wanted.
        seed: Of the cotangents.

    Returns:
        The gradients; None where none arrives.
    """
    assert function is not None
    copies = trees.copied(arguments)
    for place in places:
        copies[place].requires_grad_()
    return _gradients(function(*copies), copies, places, seed)


def _gradients(
    result: Any, arguments: Sequence[Any], places: tuple[int, ...], seed: int
) -> tuple[Tensor | None, ...]:
    if not places:
        return ()
    inputs = [arguments[place] for place in places]
    pairs = cotangents(result, seed)
    if not pairs:
        return (None,) * len(inputs)
    outputs, weights = zip(*pairs, strict=True)
    found = torch.autograd.grad(outputs, inputs, weights, allow_unused=True)
    return tuple(g if g is None else g.detach() for g in found)


def _detached(tensor: Tensor) -> Tensor:
    return tensor.detach()


def _restore(arguments: list[Any], before: list[Any]) -> None:
    """Put back what was written over: other questions use the same numbers."""
    pairs = zip(trees.leaves(arguments), trees.leaves(before), strict=False)
    with torch.no_grad():
        for (_, now), (_, old) in pairs:
            if isinstance(now, Tensor) and now.shape == old.shape:
                now.copy_(old)


def _same(old: Any, new: Any) -> bool:
    if any(isinstance(t, Tensor) and t.is_meta for _, t in trees.leaves(old)):
        return True
    return trees.same_form(old, new) and not any(
        isinstance(a, Tensor)
        and not (a.shape == b.shape and torch.equal(_plain(a), _plain(b)))
        for (_, a), (_, b) in zip(
            trees.leaves(old), trees.leaves(new), strict=True
        )
    )


def _plain(tensor: Tensor) -> Tensor:
    tensor = tensor.detach()
    return tensor.nan_to_num(1.25) if tensor.is_floating_point() else tensor


def fault_of(
    error: BaseException, function: Any = None, file: str = ""
) -> Fault:
    """Describe what the learner's code raised.

    Args:
        error: What was raised.
        function: What was called, to see whether it could be.
        file: Whose lines are shown.

    Returns:
        The fault, with the last line of the learner's file that took part.
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if file and f.filename == file]
    last = own[-1] if own else None
    kind = "raised"
    if isinstance(error, NoModule):
        kind = "module"
    elif isinstance(error, WrongParameters):
        kind = "parameters"
    elif isinstance(error, MemoryError) or "allocate memory" in str(error):
        kind = "memory"
    elif isinstance(error, TypeError) and not own and _is_signature(error):
        kind = "signature"
    message = (str(error).splitlines() or [""])[0]
    message = message.split(" Hint: ")[0].split("; see ")[0][:200]
    if kind == "parameters":
        message = f"{error.args[0]} | {error.args[1]}"
    elif kind == "signature" and _is_in(function, file):
        message = f"{message} {_signature(function)}"
    return Fault(
        kind,
        type(error).__name__,
        message,
        last.lineno if last else None,
        (last.line or "").strip() if last else "",
        "".join(traceback.format_exception(error)),
    )


def _is_signature(error: TypeError) -> bool:
    return "argument" in str(error) and "()" in str(error)


def _is_in(function: Any, file: str) -> bool:
    code = getattr(function, "__code__", None)
    return bool(file) and getattr(code, "co_filename", "") == file


def _signature(function: Any) -> str:
    try:
        return str(inspect.signature(function))
    except (TypeError, ValueError):
        return ""
