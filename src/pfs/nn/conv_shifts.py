r"""Convolution at stride 1: one product of matrices an entry of the kernel."""

from collections.abc import Iterator
from typing import Any

import torch
from torch.autograd import Function

from pfs.nn.derivative import taken_once
from pfs.nn.windows import Both, Pair
from pfs.shapes import Float, Tensor

ROOM = 2**16
"""How many numbers one product reads or writes: they stay in the cache."""


class _Shifts(Function):
    r"""All padded images as one row of places: a shift is a slice of it.

    Where a row of a padded image has $w'$ places, the number that entry
    $(i, j)$ of the kernel reads stands $k = i w' + j$ places after the first
    one. So for all places and images at once $Y = \sum_k W_k X_k$, where $X_k$
    is the row $X$ (channels above each other) from place $k$ on. Places near
    the edges, whose windows reach into the next row or image, are left out at
    the end. The slopes are $dW_k = dY\,X_k^\top$ and $W_k^\top dY$ for the
    numbers from place $k$ on.
    """

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None, both: Both
    ) -> Tensor:
        row = _row(x, both, place=[windows.before for windows in both])
        every = weight.permute(2, 3, 0, 1).flatten(0, 1).contiguous()
        y = row.new_zeros(len(weight), row.shape[1])
        if bias is not None:
            y += bias[:, None]
        for part, shifts in _parts(row, every, both):
            for w, shifted in zip(every, shifts, strict=True):
                y[:, part].addmm_(w, row[:, shifted])
        ctx.save_for_backward(row, every)
        ctx.both, ctx.shape = both, x.shape
        return _images(y, x.shape, both, (0, 0)).contiguous()

    @staticmethod
    @taken_once
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor | None, ...]:
        row, every = ctx.saved_tensors
        both, shape = ctx.both, ctx.shape
        needs_x, needs_w, needs_b, _ = ctx.needs_input_grad
        slope = _row(dy, both, place=[0, 0])
        dx = torch.zeros_like(row) if needs_x else None
        dw = torch.zeros_like(every) if needs_w else None
        for part, shifts in _parts(row, every, both):
            d = slope[:, part]
            for k, shifted in enumerate(shifts):
                if dw is not None:
                    dw[k].addmm_(d, row[:, shifted].T)
                if dx is not None:
                    dx[:, shifted].addmm_(every[k].T, d)
        if dx is not None:
            first = both[0].before, both[1].before
            dx = _images(dx, shape, both, first, shape[2:])
        if dw is not None:
            kernel = [windows.kernel for windows in both]
            dw = dw.unflatten(0, kernel).permute(2, 3, 0, 1)
        return dx, dw, dy.sum((0, 2, 3)) if needs_b else None, None


def _padded(both: Both) -> list[int]:
    """Return height and width of a padded image."""
    return [windows.size + sum(windows.frame) for windows in both]


def _row(x: Tensor, both: Both, place: list[int]) -> Tensor:
    """Put images into frames of zeros, and all places into one row."""
    (top, left), (high, wide) = place, x.shape[2:]
    frames = x.new_zeros(x.shape[1], len(x), *_padded(both))
    frames[:, :, top : top + high, left : left + wide] = x.transpose(0, 1)
    return frames.flatten(1)


def _images(
    row: Tensor,
    shape: torch.Size,
    both: Both,
    first: Pair,
    size: Any = None,
) -> Tensor:
    """Take images out of a row of places."""
    high, wide = size or [windows.number for windows in both]
    frames = row.view(len(row), shape[0], *_padded(both)).transpose(0, 1)
    return frames[..., first[0] : first[0] + high, first[1] : first[1] + wide]


def _parts(
    row: Tensor, every: Tensor, both: Both
) -> Iterator[tuple[slice, list[slice]]]:
    """Yield some places, and for each entry of the kernel what it reads."""
    (rows, columns), (_, width) = both, _padded(both)
    shifts = [
        i * rows.dilation * width + j * columns.dilation
        for i in range(rows.kernel)
        for j in range(columns.kernel)
    ]
    places = row.shape[1] - shifts[-1]
    step = max(1, ROOM // max(every.shape[1:]))
    for start in range(0, places, step):
        stop = min(start + step, places)
        part = slice(start, stop)
        yield part, [slice(start + k, stop + k) for k in shifts]


def by_shifts(
    input: Float[Tensor, "batch channel height width"],
    weight: Float[Tensor, "output channel kernel_height kernel_width"],
    bias: Float[Tensor, " output"] | None,
    both: Both,
) -> Float[Tensor, "batch output height_out width_out"]:
    """Convolve at stride 1, in one group, and not an empty batch.

    Args:
        input: Images.
        weight: The kernels.
        bias: The shift of every output channel, or `None` for none.
        both: The windows along the height and along the width.

    Returns:
        What `pfs.nn.conv2d` says.

    Examples:
        >>> from pfs.nn.windows import Windows
        >>> line = Windows(3, 2, stride=1, before=0, dilation=1, number=2)
        >>> x = torch.arange(9.0).view(1, 1, 3, 3)
        >>> by_shifts(x, torch.ones(1, 1, 2, 2), None, (line, line))
        tensor([[[[ 8., 12.],
                  [20., 24.]]]])

    Source:
        This project.

    Differs:
        nothing
    """
    result: Tensor = _Shifts.apply(input, weight, bias, both)
    return result
