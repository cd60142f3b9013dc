"""What stops a step before it can do harm: infinite numbers, full memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from pfs.errors import PfsRuntimeError, PfsValueError
from pfs.shapes import Float, Tensor


def refuse_infinite(
    trainer: Any,
    batch: Any,
    loss: Float[Tensor, ""],
    norm: Float[Tensor, ""],
) -> None:
    """Stop before an update that would fill the weights with NaN.

    Args:
        trainer: The run, before the update.
        batch: The last batch.
        loss: The loss.
        norm: The length of the gradient.

    Raises:
        ValueError: T04 if one of them is not finite; it names the step, the
            batch, and the first tensor that is not finite.

    Examples:
        >>> one = torch.tensor(1.0)
        >>> refuse_infinite(None, None, one, one)

    Source:
        This project.

    Differs:
        nothing
    """
    if loss.isfinite() and norm.isfinite():
        return
    stream = trainer.batches
    raise diverged(
        f"step {trainer.step + 1}, "
        f"batch {stream.place} of round {stream.round}",
        first_bad(trainer, batch, loss),
    )


def first_bad(trainer: Any, batch: Any, loss: Float[Tensor, ""]) -> str:
    """Find the first tensor of a step that is not finite.

    The order is that of the computation: parameters, the batch, what the
    modules gave (the batch is read once more for that), the loss, gradients.

    Args:
        trainer: The run.
        batch: The batch.
        loss: Its loss.

    Returns:
        A few words that name it.

    Examples:
        >>> first_bad.__name__
        'first_bad'

    Source:
        This project.

    Differs:
        nothing
    """
    for name, parameter in trainer.model.named_parameters():
        if not parameter.isfinite().all():
            return f"the parameter {name} is not finite"
    for place, part in enumerate(parts(batch)):
        if part.is_floating_point() and not part.isfinite().all():
            return f"tensor {place} of the batch is not finite"
    culprit = _bad_output(trainer, batch)
    if culprit:
        return culprit
    if not loss.isfinite():
        return f"the loss is {loss.item()}"
    for name, parameter in trainer.model.named_parameters():
        grad = parameter.grad
        if grad is not None and not grad.isfinite().all():
            return f"the gradient of {name} is not finite"
    return "the gradient is too long for a float"


def diverged(where: str, what: str) -> PfsValueError:
    """Describe a run that has left the finite numbers (T04).

    Args:
        where: The step.
        what: What is not finite.

    Returns:
        The error, to be raised.

    Examples:
        >>> diverged("step 7", "the loss is nan").where
        'training, step 7'

    Source:
        This project.

    Differs:
        nothing
    """
    return PfsValueError(
        "T04",
        where=f"training, {where}",
        expected="a finite loss and gradient",
        got=what,
        todo="use a smaller learning rate (lr) or a smaller clip; the last "
        "checkpoint is still good",
    )


def parts(batch: Any) -> list[Tensor]:
    """List the tensors of a batch.

    Args:
        batch: A tensor, or tuples, lists and dicts of them.

    Returns:
        The tensors, in order.

    Examples:
        >>> [t.item() for t in parts((torch.tensor(1), [torch.tensor(2)], "x"))]
        [1, 2]

    Source:
        This project.

    Differs:
        nothing
    """
    if isinstance(batch, Tensor):
        return [batch]
    if isinstance(batch, dict):
        batch = list(batch.values())
    if isinstance(batch, (tuple, list)):
        return [tensor for part in batch for tensor in parts(part)]
    return []


@contextmanager
def memory_named(step: int, batch: Any) -> Iterator[None]:
    """Say what did not fit, and what would, when the memory is not enough.

    Args:
        step: Which step it is.
        batch: What it reads.

    Yields:
        Nothing.

    Raises:
        RuntimeError: T12 if the memory was not enough.

    Examples:
        >>> with memory_named(1, torch.zeros(3)):
        ...     raise MemoryError
        Traceback (most recent call last):
        ...
        pfs.errors.PfsRuntimeError: T12: the memory is not enough
          where:    training, step 1
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not _is_memory(error):
            raise
        shapes = [tuple(part.shape) for part in parts(batch)]
        rows = shapes[0][0] if shapes and shapes[0] else 1
        tokens = max((part.numel() for part in parts(batch)), default=0)
        raise PfsRuntimeError(
            "T12",
            where=f"training, step {step}",
            expected="memory for the batch and what its gradient needs",
            got=f"a batch of {rows} rows, {tokens:,} numbers, shapes {shapes}",
            todo=f"pass batch_size={max(1, rows // 2)} and accumulate twice as "
            "many batches, or a shorter window",
        ) from error


def _is_memory(error: BaseException) -> bool:
    return (
        isinstance(error, (MemoryError, torch.OutOfMemoryError))
        or "can't allocate memory" in str(error)
        or "not enough memory" in str(error)
    )


@torch.no_grad()
def _bad_output(trainer: Any, batch: Any) -> str:
    """Read the batch again, and note which module first gave what is bad."""
    found: list[str] = []

    def watch(name: str) -> Any:
        def look(module: nn.Module, inputs: Any, output: Any) -> None:
            if any(
                t.is_floating_point() and not t.isfinite().all()
                for t in parts(output)
            ):
                found.append(name)

        return look

    hooks = [
        module.register_forward_hook(watch(name))
        for name, module in trainer.model.named_modules()
        if name
    ]
    try:
        trainer.loss(trainer.model, batch, None)
    finally:
        for hook in hooks:
            hook.remove()
    return f"the output of {found[0]} is not finite" if found else ""
