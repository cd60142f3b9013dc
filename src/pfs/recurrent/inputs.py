"""What recurrent layers ask of their inputs, said once for all of them."""

from collections.abc import Sequence

import torch

from pfs.errors import PfsTypeError, PfsValueError
from pfs.nn import checks
from pfs.shapes import Int, Tensor

Lengths = Int[Tensor, " batch"] | Sequence[int] | None
"""How many steps of each row are real: a tensor, a list, or `None` for all."""


WHOLE = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)
TURN = "batch and time are the other way round: turn batch_first"


def check_input(
    where: str,
    x: object,
    size: int,
    weight: Tensor,
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


def check_pair(where: str, hx: object) -> None:
    """Refuse a first state of an LSTM that is not a pair."""
    if not isinstance(hx, tuple | list) or len(hx) != 2:
        many = f" of {len(hx)}" if isinstance(hx, tuple | list) else ""
        raise PfsTypeError(
            "A02",
            where=f"{where}, hx",
            expected="a pair of tensors (h, c)",
            got=type(hx).__name__ + many,
            todo="pass both: what the network says, h, and what it keeps, c",
        )


def check_state(
    where: str,
    hx: object,
    shape: tuple[int, ...],
    x: Tensor,
    name: str = "hx",
) -> None:
    """Refuse a first state of another kind, shape, dtype or device."""
    if not isinstance(hx, Tensor):
        raise PfsTypeError(
            "A02",
            where=f"{where}, {name}",
            expected="a tensor",
            got=type(hx).__name__,
            todo="a pair of states belongs to an LSTM: pass h alone"
            if name == "hx"
            else "pass the pair (h, c) as two tensors",
        )
    checks.same_kind(where, **{"input": x, name: hx})
    if tuple(hx.shape) != shape:
        raise PfsValueError(
            "S14",
            where=f"{where}, {name}",
            expected=f"shape {shape}",
            got=f"shape {tuple(hx.shape)}",
            todo=f"input has the shape {tuple(x.shape)}; "
            + (
                TURN
                if _turned(hx, shape, x)
                else "the state has layers * directions first, then the batch, "
                "whatever batch_first says"
            ),
        )


def _turned(hx: Tensor, shape: tuple[int, ...], x: Tensor) -> bool:
    """Tell whether the state would fit if time were the batch."""
    if hx.ndim != 3 or x.ndim != 3 or hx.shape[1] == shape[1]:
        return False
    return hx.shape[1] in x.shape[:2] and hx.shape[::2] == shape[::2]


def to_lengths(
    where: str, lengths: Lengths, time: int, batch: int, device: torch.device
) -> Int[Tensor, " batch"] | None:
    """Return the lengths as a tensor, after a look at each of them."""
    if lengths is None:
        return None
    try:
        steps = torch.as_tensor(lengths)
    except (TypeError, ValueError, RuntimeError):
        raise PfsTypeError(
            "A02",
            where=f"{where}, lengths",
            expected="one whole number a row",
            got=repr(lengths),
            todo="pass a list of ints or a tensor of them",
        ) from None
    if not steps.numel():
        steps = steps.long()  # an empty list has no dtype of its own
    if steps.dtype not in WHOLE:
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
            todo=TURN if tuple(steps.shape) == (time,) else "one for every row",
        )
    if not (steps.is_meta or torch.compiler.is_compiling()):
        _check_range(where, steps.tolist(), time)
    return steps.to(device, torch.long)


def _check_range(where: str, lengths: list[int], time: int) -> None:
    """Refuse a row without steps, or with more than there are."""
    for row, length in enumerate(lengths):
        if not 1 <= length <= time:
            raise PfsValueError(
                "S05" if length < 1 else "A01",
                where=f"{where}, lengths[{row}]",
                expected=f"1 to {time} steps",
                got=str(length),
                todo="leave empty rows out and cut lengths at the time axis",
            )
