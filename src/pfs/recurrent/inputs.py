"""What recurrent layers ask of their inputs, said once for all of them."""

from collections.abc import Sequence

import torch

from pfs.errors import PfsTypeError, PfsValueError
from pfs.nn import checks
from pfs.shapes import Int, Tensor

Lengths = Int[Tensor, " batch"] | Sequence[int] | None
"""How many steps of each row are real: a tensor, a list, or `None` for all."""


def check_input(
    where: str,
    x: object,
    size: int,
    weight: Tensor | None,
    ranks: tuple[int, int],
) -> None:
    """Refuse inputs of a wrong kind, rank, feature size or without steps."""
    if not isinstance(x, Tensor):
        raise PfsTypeError(
            "A02",
            where=f"{where}, input",
            expected="a tensor",
            got=type(x).__name__,
            todo="for rows of different lengths pass the padded tensor and "
            "lengths=",
        )
    assert weight is not None
    checks.same_kind(where, input=x, weight=weight)
    if x.ndim not in ranks:
        raise PfsValueError(
            "S14",
            where=f"{where}, input",
            expected=f"{ranks[0]} or {ranks[1]} axes, features last",
            got=f"shape {tuple(x.shape)}",
            todo="add the missing axis: ids become vectors by an embedding",
        )
    checks.last_axis(where, "input", x, size, "input_size")


def check_steps(where: str, time: int, x: Tensor) -> None:
    """Refuse a sequence without steps; an empty batch is fine."""
    if time == 0:
        raise PfsValueError(
            "S05",
            where=f"{where}, input",
            expected="at least one time step",
            got=f"shape {tuple(x.shape)}",
            todo="leave empty sequences out; if the other axis is the time, "
            "turn batch_first round",
        )


def check_state(
    where: str, hx: Tensor, shape: tuple[int, ...], x: Tensor
) -> None:
    """Refuse a first state of another shape, dtype or device."""
    checks.same_kind(where, input=x, hx=hx)
    if tuple(hx.shape) != shape:
        raise PfsValueError(
            "S14",
            where=f"{where}, hx",
            expected=f"shape {shape}",
            got=f"shape {tuple(hx.shape)}",
            todo="the state has layers * directions first, then the batch, "
            "whatever batch_first says; compare the batch of input, "
            f"shape {tuple(x.shape)}",
        )


def to_lengths(
    where: str, lengths: Lengths, time: int, batch: int, device: torch.device
) -> Int[Tensor, " batch"] | None:
    """Return the lengths as a tensor, after a look at each of them."""
    if lengths is None:
        return None
    steps = torch.as_tensor(lengths, device=device)
    if steps.is_floating_point() or steps.dtype == torch.bool:
        raise PfsTypeError(
            "S01",
            where=f"{where}, lengths",
            expected="whole numbers",
            got=str(steps.dtype),
            todo="convert them: lengths.long()",
        )
    if tuple(steps.shape) != (batch,):
        raise PfsValueError(
            "S14",
            where=f"{where}, lengths",
            expected=f"one length a row, shape {(batch,)}",
            got=f"shape {tuple(steps.shape)}",
            todo="check batch_first: the batch may be the other axis",
        )
    for row, length in enumerate(steps.tolist()):
        if not 1 <= length <= time:
            raise PfsValueError(
                "S05" if length < 1 else "A01",
                where=f"{where}, lengths[{row}]",
                expected=f"1 to {time} steps",
                got=str(length),
                todo="leave empty rows out and cut lengths at the time axis",
            )
    return steps.long()
