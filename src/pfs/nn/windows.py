"""Where the windows of an image lie, along one axis and along both."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch

from pfs.errors import PfsTypeError, PfsValueError
from pfs.nn import checks
from pfs.shapes import Float, Shaped, Tensor

Pair = tuple[int, int]
Lengths = int | Sequence[int]  # one for both directions, or two


class Windows(NamedTuple):
    """Windows of one length along one axis.

    Attributes:
        size: How many places the axis has.
        kernel: How many places a window has.
        stride: From one window to the next.
        before: Places that are added before the first one.
        dilation: From one place of a window to the next.
        number: How many windows there are.

    Examples:
        >>> windows = Windows(
        ...     5, kernel=2, stride=2, before=0, dilation=1, number=3
        ... )
        >>> windows.frame
        (0, 1)
        >>> windows.tap(torch.arange(6), -1, 1)
        tensor([1, 3, 5])

    Source:
        This project.

    Differs:
        nothing
    """

    size: int
    kernel: int
    stride: int
    before: int
    dilation: int
    number: int

    @property
    def span(self) -> int:
        """How far a window reaches."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def frame(self) -> Pair:
        """How many places to add before and after (below 0: to cut off)."""
        end = (self.number - 1) * self.stride + self.span
        return self.before, end - self.size - self.before

    def tap(
        self, framed: Shaped[Tensor, "*image"], axis: int, entry: int
    ) -> Shaped[Tensor, "*window"]:
        """Return one entry of every window, as a view of a framed image."""
        start = entry * self.dilation
        stop = start + (self.number - 1) * self.stride + 1
        place = slice(start, stop, self.stride)
        return framed[..., place] if axis == -1 else framed[..., place, :]


Both = tuple[Windows, Windows]


def framed(
    input: Float[Tensor, "*batch height width"], both: Both, value: float = 0.0
) -> Float[Tensor, "*batch framed_height framed_width"]:
    """Surround images with what their windows cover beside them.

    Args:
        input: Images.
        both: The windows along the height and along the width.
        value: What stands around the images.

    Returns:
        The images in their frames; the images themselves if there is none.

    Examples:
        >>> line = Windows(2, 2, stride=1, before=1, dilation=1, number=2)
        >>> framed(torch.ones(2, 2), (line, line))
        tensor([[0., 0., 0.],
                [0., 1., 1.],
                [0., 1., 1.]])

    Source:
        This project.

    Differs:
        nothing
    """
    rows, columns = both
    frame = (*columns.frame, *rows.frame)
    return torch.constant_pad_nd(input, frame, value) if any(frame) else input


def lay(
    where: str,
    image: tuple[int, ...],
    sizes: tuple[Pair, Pair, Pair],
    frame: tuple[Pair, Pair],
    ceil_mode: bool = False,
) -> Both:
    """Lay windows over an image.

    Args:
        where: The function that asks.
        image: Height and width, after any other axes.
        sizes: Of a window, of a step, of the gaps (dilation): each in both
            directions.
        frame: What is added above and below, and left and right.
        ceil_mode: Whether the last window may reach beyond the frame; it
            starts inside the image, or before it.

    Returns:
        The windows along the height and along the width.

    Raises:
        ValueError: S14 if no window fits into the framed image.

    Examples:
        >>> sizes = ((3, 3), (2, 2), (1, 1))
        >>> rows, columns = lay("conv2d", (5, 8), sizes, ((0, 0), (1, 1)))
        >>> rows.number, columns.number
        (2, 4)

    Source:
        The sizes that `torch.nn.Conv2d` and `torch.nn.MaxPool2d` document.

    Differs:
        nothing
    """
    image = image[-2:]
    found = []
    for size, kernel, stride, gap, (before, after) in zip(
        image, *sizes, frame, strict=True
    ):
        room = size + before + after - gap * (kernel - 1) - 1
        count = (-(-room // stride) if ceil_mode else room // stride) + 1
        if ceil_mode and (count - 1) * stride >= size + before:
            count -= 1  # it would see nothing but what is behind the image
        found.append(Windows(size, kernel, stride, before, gap, count))
        if count < 1 or not size:
            raise PfsValueError(
                "S14",
                where=f"{where}, input",
                expected=f"windows that span {kernel} places, {gap} apart, and "
                "fit into the image",
                got=f"an image of {tuple(image)}, with {before} + {after} "
                "places of padding",
                todo="use a smaller kernel, more padding or larger images: "
                "every stride shrinks them",
            )
    return found[0], found[1]


def pair(where: str, name: str, value: Any, low: int = 1) -> Pair:
    """Return one number for both directions, or the two that were given.

    Args:
        where: The function that asks.
        name: The argument.
        value: A whole number, or two: for the height and for the width.
        low: The smallest number allowed.

    Returns:
        The number for the height and the one for the width.

    Raises:
        ValueError: A01 if a number is below `low`.
        TypeError: A02 if it is neither a whole number nor two of them.

    Examples:
        >>> pair("conv2d", "stride", 2), pair("conv2d", "stride", (1, 3))
        ((2, 2), (1, 3))

    Source:
        This project.

    Differs:
        nothing
    """
    several = isinstance(value, tuple | list)
    if several and len(value) not in (1, 2):
        raise PfsTypeError(
            "A02",
            where=f"{where}, {name}",
            expected="a whole number, or two: (height, width)",
            got=repr(value),
            todo=f"pass {name} as an int or as a pair",
        )
    both = tuple(value) if several else (value,)
    for number in both:
        checks.whole(where, name, number)
        if number < low:
            raise PfsValueError(
                "A01",
                where=f"{where}, {name}",
                expected=f"whole numbers, at least {low}",
                got=repr(value),
                todo=f"pass a larger {name}",
            )
    return both[0], both[-1]


def images(
    where: str, input: Shaped[Tensor, "*batch channel height width"]
) -> None:
    """Refuse what is not a batch of images, or one image.

    Args:
        where: The function that asks.
        input: What should be images.

    Raises:
        ValueError: S14 if it has neither four axes nor three.
        TypeError: S01 if its dtype is not floating, A02 if it is no tensor.

    Examples:
        >>> images("conv2d", torch.zeros(2, 3, 8, 8))

    Source:
        This project.

    Differs:
        nothing
    """
    checks.same_kind(where, input=input)
    if input.ndim not in (3, 4):
        raise PfsValueError(
            "S14",
            where=f"{where}, input",
            expected="four axes (batch channel height width), or one image "
            "(channel height width)",
            got=f"shape {tuple(input.shape)}",
            todo="give grey images a channel axis of size 1: "
            "input.unsqueeze(1)",
        )
