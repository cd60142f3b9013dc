r"""Pooling: one number for every window of an image."""

from typing import Any

import torch

from pfs import kernels
from pfs.backend import fused
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.nn.precision import wide
from pfs.nn.windows import (
    Both,
    Lengths,
    Pair,
    Windows,
    framed,
    images,
    lay,
    pair,
)
from pfs.shapes import Float, Tensor


def max_pool2d(
    input: Float[Tensor, "*batch channel height width"],
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    dilation: Lengths = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    r"""Take the largest number of every window.

    $$ y_{c,p,q} = \max_{i,j}\; x_{c,\,sp + di,\,sq + dj} \tag{1} $$

    The gradient goes to the place of the maximum, to the first one (row by
    row) if several are equal.

    Args:
        input: Images $x$, or one image.
        kernel_size: Height and width of a window.
        stride: $s$, from one window to the next; a window's size if `None`.
        padding: Places around the image, which are never the largest.
        dilation: $d$, from one place of a window to the next.
        ceil_mode: Whether the last window may reach beyond the padding.
        return_indices: Whether to return the places of the maxima too.

    Returns:
        The images $y$, and with `return_indices` also the place of every
        maximum, counted row by row through its image.

    Raises:
        ValueError: S14 if `input` is no image or no window fits into it, A01
            if a number is out of range, A03 if the padding is more than half
            of a window.
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor or a number not whole.

    Examples:
        >>> max_pool2d(torch.arange(16.0).view(1, 4, 4), 2)
        tensor([[[ 5.,  7.],
                 [13., 15.]]])

    Source:
        The definition.

    Differs:
        torch also takes whole numbers.
    """
    where = "max_pool2d"
    sizes, around = _sizes(where, input, kernel_size, stride, padding, dilation)
    both = _over(where, input, sizes, around, ceil_mode)
    if fused():
        size, steps, gaps = sizes
        y, index = kernels.max_pool2d(
            input, size, steps, around, gaps, ceil_mode
        )
    else:
        index = _largest(input.detach(), both)
        y = input.flatten(-2).gather(-1, index.flatten(-2))  # (1)
        y = y.view(index.shape)
    return (y, index) if return_indices else y


def avg_pool2d(
    input: Float[Tensor, "*batch channel height width"],
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Float[Tensor, "*batch channel height_out width_out"]:
    r"""Take the mean of every window.

    $$ y_{c,p,q} = \frac{1}{n_{p,q}} \sum_{i,j} x_{c,\,sp + i,\,sq + j}
    \tag{1} $$

    Args:
        input: Images $x$, or one image.
        kernel_size: Height and width of a window.
        stride: $s$, from one window to the next; a window's size if `None`.
        padding: Zeros around the image.
        ceil_mode: Whether the last window may reach beyond the padding.
        count_include_pad: Whether the zeros of the padding count in $n$; what
            is beyond the padding never does.
        divisor_override: A number to divide by instead of $n$.

    Returns:
        The images $y$.

    Raises:
        ValueError: S14 if `input` is no image or no window fits into it, A01
            if a number is out of range, A03 if the padding is more than half
            of a window.
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor or a number not whole.

    Examples:
        >>> avg_pool2d(torch.arange(16.0).view(1, 4, 4), 2)
        tensor([[[ 2.5000,  4.5000],
                 [10.5000, 12.5000]]])

    Source:
        LeCun et al. (1998), section 2.2, where the mean is also scaled,
        shifted and squashed.

    Differs:
        torch also takes whole numbers.
    """
    where = "avg_pool2d"
    sizes, around = _sizes(where, input, kernel_size, stride, padding, 1)
    both = _over(where, input, sizes, around, ceil_mode)
    if divisor_override is not None:
        checks.whole(where, "divisor_override", divisor_override)
        if not divisor_override:
            checks.positive(where, divisor_override=divisor_override)
    x, kind = wide(input)
    if fused():
        lengths = sizes[0], sizes[1], around
        options = ceil_mode, count_include_pad, divisor_override
        return kernels.avg_pool2d(x, lengths, *options).to(kind)
    x = framed(x, both)
    for windows, axis in zip(both, (-2, -1), strict=True):
        taps = [windows.tap(x, axis, i) for i in range(windows.kernel)]
        x = sum(taps[1:], taps[0])
    if divisor_override is not None:
        return (x / divisor_override).to(kind)
    high, across = (
        _seen(windows, n if count_include_pad else 0)
        for windows, n in zip(both, around, strict=True)
    )
    return (x / (high[:, None] * across).to(x)).to(kind)  # (1)


def _largest(x: Tensor, both: Both) -> Tensor:
    """Return the places of the maxima: of each row, then of all rows.

    Only a larger number (or what is not a number) replaces the first of a
    window that lies inside the image.
    """
    plane = framed(x, both, -torch.inf)
    numbers = torch.zeros((), dtype=torch.int32, device=x.device)
    for windows, axis, step in (
        (both[1], -1, 1),
        (both[0], -2, x.shape[-1]),
    ):
        first = torch.arange(windows.number, dtype=torch.int32, device=x.device)
        first = first * windows.stride - windows.before
        first = first if axis == -1 else first[:, None]
        inside = torch.where(first < 0, first % windows.dilation, first)
        numbers = numbers.expand(plane.shape)
        best = windows.tap(plane, axis, 0)
        index = windows.tap(numbers, axis, 0) + inside * step
        for i in range(1, windows.kernel):
            other = windows.tap(plane, axis, i)
            place = first + i * windows.dilation
            place = windows.tap(numbers, axis, i) + place * step
            better = (other > best) | (other != other)
            best = torch.where(better, other, best)
            index = torch.where(better, place, index)
        plane, numbers = best, index
    return numbers.long()


def _seen(windows: Windows, around: int) -> Tensor:
    """Return how many places of every window are inside image and padding."""
    start = torch.arange(windows.number) * windows.stride - windows.before
    end = (start + windows.kernel).clamp(max=windows.size + around)
    return end - start.clamp(min=-around)


def _sizes(
    where: str,
    input: Tensor,
    kernel: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
) -> tuple[tuple[Pair, Pair, Pair], Pair]:
    """Return window, step and gaps, and the padding, in both directions."""
    images(where, input)
    size = pair(where, "kernel_size", kernel)
    unset = stride is None or stride in ((), [])
    steps = size if unset else pair(where, "stride", stride)
    gaps = pair(where, "dilation", dilation)
    around = pair(where, "padding", padding, 0)
    if any(2 * p > k for p, k in zip(around, size, strict=True)):
        raise PfsValueError(
            "A03",
            where=f"{where}, padding and kernel_size",
            expected="padding of at most half a window",
            got=f"padding {around} for windows of {size}",
            todo="use kernel_size // 2 or less",
        )
    return (size, steps, gaps), around


def _over(
    where: str,
    input: Tensor,
    sizes: tuple[Pair, Pair, Pair],
    around: Pair,
    ceil_mode: bool,
) -> Both:
    """Lay the windows over the image."""
    high, across = around
    frame = (high, high), (across, across)
    return lay(where, input.shape, sizes, frame, ceil_mode)
