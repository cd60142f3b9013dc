"""Which places of one axis the windows of a pooling cover."""

from typing import NamedTuple

import torch

from pfs.errors import PfsValueError
from pfs.shapes import Bool, Int, Tensor


class Places(NamedTuple):
    """The windows along one axis, a row each.

    Attributes:
        inside: The places; one outside the image is replaced by the nearest
            place of the same window that is inside.
        valid: Which of them were inside.
        count: How many places each window has, with the padding.

    Examples:
        >>> sliding(4, 3, 1, padding=1).inside.tolist()
        [[0, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 3]]

    Source:
        This project.

    Differs:
        nothing
    """

    inside: Int[Tensor, "window tap"]
    valid: Bool[Tensor, "window tap"]
    count: Int[Tensor, " window"]


def sliding(
    size: int,
    kernel: int,
    stride: int,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> Places:
    """Return windows of one length, one every `stride` places.

    Args:
        size: How many places the axis has.
        kernel: How many a window has.
        stride: From one window to the next.
        padding: Places added before the first and after the last.
        dilation: From one place of a window to the next.
        ceil_mode: Whether a window may reach beyond the padding; it starts
            inside it or inside the image.

    Returns:
        The windows.

    Raises:
        ValueError: S14 if a window has no place inside the image.

    Examples:
        >>> sliding(5, 2, 2, ceil_mode=True).valid.tolist()
        [[True, True], [True, True], [True, False]]

    Source:
        The sizes that `torch.nn.MaxPool2d` documents.

    Differs:
        nothing
    """
    span = dilation * (kernel - 1) + 1
    room = size + 2 * padding - span
    windows = (-(-room // stride) if ceil_mode else room // stride) + 1
    if ceil_mode and (windows - 1) * stride >= size + padding:
        windows -= 1  # it would see nothing but what is behind the image
    start = torch.arange(max(windows, 0))[:, None] * stride - padding
    places = start + torch.arange(kernel) * dilation
    end = (start[:, 0] + span).clamp(max=size + padding)
    return _kept(places, size, end - start[:, 0])


def adaptive(size: int, windows: int) -> Places:
    """Return so many windows that cover the axis, of nearly one length.

    Args:
        size: How many places the axis has.
        windows: How many windows there are.

    Returns:
        The windows; the i-th one covers the share from i / windows to
        (i + 1) / windows of the axis, rounded outwards.

    Examples:
        >>> adaptive(5, 2).inside.tolist()
        [[0, 1, 2], [2, 3, 4]]

    Source:
        What `torch.nn.AdaptiveAvgPool2d` computes.

    Differs:
        nothing
    """
    number = torch.arange(windows)
    start = number * size // max(windows, 1)
    end = -(-(number + 1) * size // max(windows, 1))
    longest = int((end - start).max()) if windows else 1
    places = start[:, None] + torch.arange(longest)
    valid = places < end[:, None]
    inside = torch.minimum(places, end[:, None] - 1)
    return Places(inside, valid, end - start)


def _kept(places: Tensor, size: int, count: Tensor) -> Places:
    """Replace what is outside by the nearest place that is inside."""
    valid = (places >= 0) & (places < size)
    if not bool(valid.any(1).all()):
        raise PfsValueError(
            "S14",
            where="pooling, input",
            expected="windows that see at least one place of the image",
            got=f"places {places.tolist()} of {size}",
            todo="use less padding or a smaller dilation",
        )
    lowest = torch.where(valid, places, size).amin(1, keepdim=True)
    highest = torch.where(valid, places, -1).amax(1, keepdim=True)
    inside = places.clamp(lowest, highest)
    return Places(inside, valid, count)
