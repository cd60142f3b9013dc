r"""Pooling into a wanted size: so many windows that cover the image."""

from collections.abc import Sequence
from typing import Any

import torch

from pfs import kernels
from pfs.backend import fused
from pfs.nn import checks
from pfs.nn.precision import wide
from pfs.nn.windows import Pair, images, pair
from pfs.shapes import Float, Tensor

Size = int | Sequence[int | None] | None


def adaptive_avg_pool2d(
    input: Float[Tensor, "*batch channel height width"], output_size: Size
) -> Float[Tensor, "*batch channel height_out width_out"]:
    r"""Take the mean of so many windows that together cover the image.

    $$ y_{c,p,q} = \frac{1}{n_p\,n_q} \sum_{i,j} x_{c,i,j}, \qquad
    \lfloor p\,h / h' \rfloor \le i < \lceil (p + 1)\,h / h' \rceil \tag{1} $$

    with $h$ rows of the image, $h'$ of the result, $n_p$ of this window, and
    columns alike.

    Args:
        input: Images $x$, or one image.
        output_size: Height and width of the result; `None` keeps one.

    Returns:
        The images $y$.

    Raises:
        ValueError: S14 if `input` is no image, A01 if its height, its width or
            a size is not above 0.
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor or a size not whole.

    Examples:
        >>> adaptive_avg_pool2d(torch.arange(16.0).view(1, 4, 4), 1)
        tensor([[[7.5000]]])

    Source:
        Lin, Chen & Yan (2014), section 3.2, for one window: the global mean.

    Differs:
        A size of 0 is refused.
    """
    size = _wanted("adaptive_avg_pool2d", input, output_size)
    x, kind = wide(input)
    if fused():
        return kernels.adaptive_avg_pool2d(x, size).to(kind)
    if size == (1, 1):
        return x.mean((-2, -1), keepdim=True).to(kind)
    for axis in (-1, -2):
        shares = _shares(x.shape[axis], size[axis])
        means = [x.narrow(axis, a, b - a).mean(axis) for a, b in shares]
        x = torch.stack(means, axis)  # (1)
    return x.to(kind)


def adaptive_max_pool2d(
    input: Float[Tensor, "*batch channel height width"],
    output_size: Size,
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
        ValueError: S14 if `input` is no image, A01 if its height, its width or
            a size is not above 0.
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor or a size not whole.

    Examples:
        >>> adaptive_max_pool2d(torch.arange(16.0).view(1, 4, 4), (2, 1))
        tensor([[[ 7.],
                 [15.]]])

    Source:
        The definition, with the windows of `adaptive_avg_pool2d`.

    Differs:
        A size of 0 is refused.
    """
    size = _wanted("adaptive_max_pool2d", input, output_size)
    if fused():
        y, index = kernels.adaptive_max_pool2d(input, size)
        return (y, index) if return_indices else y
    places = []
    for top, bottom in _shares(input.shape[-2], size[0]):
        for left, right in _shares(input.shape[-1], size[1]):
            window = input.detach()[..., top:bottom, left:right]
            first = window.flatten(-2).argmax(-1)
            row, column = first // (right - left), first % (right - left)
            places.append((top + row) * input.shape[-1] + left + column)
    index = torch.stack(places, -1)
    y = input.flatten(-2).gather(-1, index)  # (1)
    y, index = y.unflatten(-1, size), index.unflatten(-1, size)
    return (y, index) if return_indices else y


def _shares(size: int, windows: int) -> list[Pair]:
    """Return where each window begins and ends, rounded outwards."""
    return [
        (i * size // windows, -(-(i + 1) * size // windows))
        for i in range(windows)
    ]


def _wanted(where: str, input: Tensor, size: Any) -> Pair:
    """Return the height and the width of the result."""
    images(where, input)
    high, across = input.shape[-2:]
    checks.positive(f"{where}, input", height=high, width=across)
    both = tuple(size) if isinstance(size, tuple | list) else (size,)
    if len(both) in (1, 2):
        high = high if both[0] is None else both[0]
        across = across if both[-1] is None else both[-1]
        both = (high, across)
    return pair(where, "output_size", both)
