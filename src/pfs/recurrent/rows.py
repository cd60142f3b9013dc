"""Rows of different lengths: what is behind their end, and their other end."""

import torch

from pfs.shapes import Float, Int, Tensor


def blank(
    x: Float[Tensor, "time batch input"], steps: Int[Tensor, " batch"] | None
) -> Float[Tensor, "time batch input"]:
    """Put 0 behind the end of every row, whatever stood there, even NaN."""
    if steps is None:
        return x
    behind = torch.arange(len(x), device=x.device)[:, None] >= steps
    return x.masked_fill(behind[..., None], 0)


def reverse(
    x: Float[Tensor, "time batch input"], steps: Int[Tensor, " batch"] | None
) -> Float[Tensor, "time batch input"]:
    """Turn every row round within its own length; what follows stays."""
    if steps is None:
        return x.flip(0)
    t = torch.arange(len(x), device=x.device)[:, None]
    source = torch.where(t < steps, steps - 1 - t, t)
    return x.gather(0, source[..., None].expand_as(x))


def ends(
    states: tuple[Tensor, ...], steps: Int[Tensor, " batch"] | None
) -> tuple[Tensor, ...]:
    """Return what is carried out of the last step of every row."""
    if steps is None:
        return tuple(s[-1] for s in states)
    rows = torch.arange(len(steps), device=steps.device)
    return tuple(s[steps - 1, rows] for s in states)
