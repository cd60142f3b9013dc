r"""Pooling: one number for every window of an image."""

from collections.abc import Sequence
from typing import Any

import torch

from pfs import kernels
from pfs.backend import fused
from pfs.errors import PfsTypeError, PfsValueError
from pfs.nn import checks
from pfs.nn.places import Places, adaptive, sliding
from pfs.nn.windows import Pair, covered, images, pair
from pfs.shapes import Float, Tensor


def max_pool2d(
    input: Float[Tensor, "*batch channel height width"],
    kernel_size: int | Pair,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
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
        The definition; LeCun et al. (1989) subsample, later networks take the
        maximum.

    Differs:
        A window whose places are all between those of the image is refused.
    """
    where = "max_pool2d"
    sizes = _sizes(where, input, kernel_size, stride, padding)
    gaps = pair(where, "dilation", dilation)
    rows, columns = _windows(where, input, sizes, gaps, ceil_mode)
    if fused():
        y, index = kernels.max_pool2d(input, *sizes, gaps, ceil_mode)
    else:
        y, index = _largest(input, rows, columns)  # (1)
    return (y, index) if return_indices else y


def avg_pool2d(
    input: Float[Tensor, "*batch channel height width"],
    kernel_size: int | Pair,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
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
        count_include_pad: Whether the zeros of the padding count in $n$.
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
        The definition.

    Differs:
        nothing
    """
    where = "avg_pool2d"
    sizes = _sizes(where, input, kernel_size, stride, padding)
    rows, columns = _windows(where, input, sizes, (1, 1), ceil_mode)
    if divisor_override is not None:
        checks.whole(where, "divisor_override", divisor_override)
        if not divisor_override:
            checks.positive(where, divisor_override=divisor_override)
    if fused():
        return kernels.avg_pool2d(
            input, *sizes, ceil_mode, count_include_pad, divisor_override
        )
    y = _sums(input, rows, columns)
    if divisor_override is not None:
        return y / divisor_override
    high, wide = (
        p.count if count_include_pad else p.valid.sum(1)
        for p in (rows, columns)
    )
    return y / (high[:, None] * wide).to(y)  # (1)


def adaptive_avg_pool2d(
    input: Float[Tensor, "*batch channel height width"],
    output_size: int | Sequence[int | None] | None,
) -> Float[Tensor, "*batch channel height_out width_out"]:
    r"""Take the mean of so many windows that together cover the image.

    $$ y_{c,p,q} = \frac{1}{n_p\,n_q} \sum_{i,j} x_{c,i,j}, \qquad
    \lfloor p\,h / h' \rfloor \le i < \lceil (p + 1)\,h / h' \rceil \tag{1} $$

    with $h$ rows of the image, $h'$ of the result, and columns alike.

    Args:
        input: Images $x$, or one image.
        output_size: Height and width of the result; `None` keeps one.

    Returns:
        The images $y$.

    Raises:
        ValueError: S14 if `input` is no image or an empty one, A01 if a size
            is negative.
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor or a size not whole.

    Examples:
        >>> adaptive_avg_pool2d(torch.arange(16.0).view(1, 4, 4), 1)
        tensor([[[7.5000]]])

    Source:
        Lin, Chen & Yan (2014), section 3.2, for one window: the global mean.

    Differs:
        nothing
    """
    size = _output("adaptive_avg_pool2d", input, output_size)
    if fused():
        return kernels.adaptive_avg_pool2d(input, size)
    if size == (1, 1):
        return input.mean((-2, -1), keepdim=True)
    rows, columns = map(adaptive, input.shape[-2:], size)
    y = _sums(input, rows, columns)
    return y / (rows.count[:, None] * columns.count).to(y)  # (1)


def adaptive_max_pool2d(
    input: Float[Tensor, "*batch channel height width"],
    output_size: int | Sequence[int | None] | None,
    return_indices: bool = False,
) -> Any:
    r"""Take the largest number of windows that together cover the image.

    $$ y_{c,p,q} = \max_{i,j}\; x_{c,i,j}, \qquad
    \lfloor p\,h / h' \rfloor \le i < \lceil (p + 1)\,h / h' \rceil \tag{1} $$

    with $h$ rows of the image, $h'$ of the result, and columns alike.

    Args:
        input: Images $x$, or one image.
        output_size: Height and width of the result; `None` keeps one.
        return_indices: Whether to return the places of the maxima too.

    Returns:
        The images $y$, and with `return_indices` also the place of every
        maximum, counted row by row through its image.

    Raises:
        ValueError: S14 if `input` is no image or an empty one, A01 if a size
            is negative.
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor or a size not whole.

    Examples:
        >>> adaptive_max_pool2d(torch.arange(16.0).view(1, 4, 4), (2, 1))
        tensor([[[ 7.],
                 [15.]]])

    Source:
        The definition, with the windows of `adaptive_avg_pool2d`.

    Differs:
        nothing
    """
    size = _output("adaptive_max_pool2d", input, output_size)
    if fused():
        y, index = kernels.adaptive_max_pool2d(input, size)
    else:
        rows, columns = map(adaptive, input.shape[-2:], size)
        y, index = _largest(input, rows, columns)  # (1)
    return (y, index) if return_indices else y


def _largest(x: Tensor, rows: Places, columns: Places) -> tuple[Tensor, Tensor]:
    """Find the maxima along the rows, then among them; read them from x."""
    best = x.detach()
    index = torch.arange(x.shape[-2:].numel(), device=x.device)
    index = index.view(x.shape[-2:]).expand(x.shape)
    for axis, places in ((-1, columns), (-2, rows)):
        taps = places.inside.T.to(x.device)
        plane, numbers = best, index
        best, index = (t.index_select(axis, taps[0]) for t in (plane, numbers))
        for tap in taps[1:]:
            other = plane.index_select(axis, tap)
            better = (other > best) | other.isnan()
            best = torch.where(better, other, best)
            index = torch.where(better, numbers.index_select(axis, tap), index)
    y = x.flatten(-2).gather(-1, index.flatten(-2))
    return y.view(index.shape), index


def _sums(x: Tensor, rows: Places, columns: Places) -> Tensor:
    """Sum every window, first along the rows, then the sums."""
    for axis, places in ((-1, columns), (-2, rows)):
        taps = places.inside.T.to(x.device)
        valid = places.valid.T.to(x.device)
        total = None
        for tap, seen in zip(taps, valid, strict=True):
            number = x.index_select(axis, tap)
            if not places.valid.all():
                seen = seen if axis == -1 else seen[:, None]
                number = torch.where(seen, number, 0)
            total = number if total is None else total + number
        x = x if total is None else total
    return x


def _sizes(
    where: str, input: Tensor, kernel: Any, stride: Any, padding: Any
) -> tuple[Pair, Pair, Pair]:
    """Return the window, the step and the padding, in both directions."""
    checks.same_kind(where, input=input)
    images(where, input)
    size = pair(where, "kernel_size", kernel)
    unset = stride is None or stride in ((), [])
    steps = size if unset else pair(where, "stride", stride)
    around = pair(where, "padding", padding, 0)
    if any(2 * p > k for p, k in zip(around, size, strict=True)):
        raise PfsValueError(
            "A03",
            where=f"{where}, padding and kernel_size",
            expected="padding of at most half a window",
            got=f"padding {around} for windows of {size}",
            todo="use kernel_size // 2 or less",
        )
    return size, steps, around


def _windows(
    where: str,
    input: Tensor,
    sizes: tuple[Pair, Pair, Pair],
    gaps: Pair,
    ceil_mode: bool,
) -> list[Places]:
    """Return the windows along the rows and along the columns."""
    size, steps, around = sizes
    image = input.shape[-2:]
    span = tuple(d * (k - 1) + 1 for d, k in zip(gaps, size, strict=True))
    twice = tuple(2 * p for p in around)
    covered(where, image, twice, (span[0], span[1]))
    return [
        sliding(*one, ceil_mode)
        for one in zip(image, size, steps, around, gaps, strict=True)
    ]


def _output(where: str, input: Tensor, size: Any) -> Pair:
    """Return the wanted height and width."""
    checks.same_kind(where, input=input)
    images(where, input)
    covered(where, input.shape[-2:], (0, 0), (1, 1))
    several = isinstance(size, tuple | list)
    both = tuple(size) if several else (size, size)
    if len(both) != 2:
        raise PfsTypeError(
            "A02",
            where=f"{where}, output_size",
            expected="a whole number, or two: (height, width)",
            got=repr(size),
            todo="pass output_size as an int or as a pair",
        )
    wanted = [
        n if s is None else s
        for n, s in zip(input.shape[-2:], both, strict=True)
    ]
    return pair(where, "output_size", wanted, 0)
