r"""Convolution: the same small linear map at every place of an image."""

from collections.abc import Iterator
from typing import Any

import torch
from torch.autograd import Function

from pfs import kernels
from pfs.backend import fused
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.nn.conv_shifts import by_shifts
from pfs.nn.derivative import taken_once
from pfs.nn.precision import is_mixed, wide
from pfs.nn.windows import Both, Lengths, Pair, framed, images, lay, pair
from pfs.shapes import Float, Tensor

ROOM = 2**18
"""How many numbers the windows of one product hold: they stay in the cache."""
MANY = 8
"""From so many channels on a product for each entry of the kernel is faster."""


class _Convolution(Function):
    r"""One matrix product for a few images: the kernels times the windows.

    A window is a column $u$ of the numbers that a kernel reads, so $Y = W U$.
    The slope of $W$ is $dY\,U^\top$, a correlation of the input with $dY$; that
    of the windows is $W^\top dY$, and every number of the input gets the sum
    over all windows that hold it (a transposed convolution).
    """

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        both: Both,
        groups: int,
    ) -> Tensor:
        x = framed(x, both)
        w = weight.reshape(groups, len(weight) // groups, -1)
        y = x.new_empty(len(x), len(weight), *(a.number for a in both))
        for part, u in _windows(x, both, groups):
            product = (w @ u).view(len(weight), -1, *y.shape[2:])
            y[part] = product.transpose(0, 1)
        ctx.save_for_backward(x, weight)
        ctx.both, ctx.groups = both, groups
        return y if bias is None else y.add_(bias[:, None, None])

    @staticmethod
    @taken_once
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor | None, ...]:
        x, weight = ctx.saved_tensors
        both, groups = ctx.both, ctx.groups
        needs_x, needs_w, needs_b, _, _ = ctx.needs_input_grad
        w = weight.reshape(groups, len(weight) // groups, -1)
        dx = torch.zeros_like(x) if needs_x else None
        dw = torch.zeros_like(w) if needs_w else None
        for part, u in _windows(x, both, groups):
            slope = dy[part].transpose(0, 1).reshape(*w.shape[:2], -1)
            if dw is not None:
                dw.baddbmm_(slope, u.mT)
            if dx is not None:
                _gather(dx[part], w.mT @ slope, both)
        if dx is not None:
            rows, columns = both
            frame = [-n for n in (*columns.frame, *rows.frame)]
            dx = torch.constant_pad_nd(dx, frame) if any(frame) else dx
        return (
            dx,
            None if dw is None else dw.view(weight.shape),
            dy.sum((0, 2, 3)) if needs_b else None,
            None,
            None,
        )


def _windows(
    x: Tensor, both: Both, groups: int
) -> Iterator[tuple[slice, Tensor]]:
    """Yield a few images and all their windows, as columns of a matrix."""
    rows, columns = both
    view = x.unfold(2, rows.span, rows.stride)[..., :: rows.dilation]
    view = view.unfold(3, columns.span, columns.stride)
    view = view[..., :: columns.dilation].permute(1, 4, 5, 0, 2, 3)
    channels, high, wide_, batch = view.shape[:4]
    column = channels // groups * high * wide_
    step = max(1, ROOM // max(1, view[:, :, :, :1].numel()))
    for start in range(0, batch, step):
        part = slice(start, start + step)
        yield part, view[:, :, :, part].reshape(groups, column, -1)


def _gather(dx: Tensor, windows: Tensor, both: Both) -> None:
    """Add the slope of every entry of every window to that of its number."""
    rows, columns = both
    batch, channels = dx.shape[:2]
    shape = (channels, rows.kernel, columns.kernel, batch, rows.number, -1)
    slopes = windows.view(shape)
    for i in range(rows.kernel):
        line = rows.tap(dx, -2, i)
        for j in range(columns.kernel):
            columns.tap(line, -1, j).add_(slopes[:, i, j].transpose(0, 1))


def conv2d(
    input: Float[Tensor, "*batch channel height width"],
    weight: Float[Tensor, "output group_channel kernel_height kernel_width"],
    bias: Float[Tensor, " output"] | None = None,
    stride: Lengths = 1,
    padding: Lengths | str = 0,
    dilation: Lengths = 1,
    groups: int = 1,
) -> Float[Tensor, "*batch output height_out width_out"]:
    r"""Take the product of every kernel with every window of the images.

    $$ y_{o,p,q} = b_o + \sum_{c,i,j} w_{o,c,i,j}\; x_{c,\,sp + di,\,sq + dj}
    \tag{1} $$

    with places counted from the corner of the padded image. Mathematics calls
    this a correlation; a convolution would turn the kernel around first.

    Args:
        input: Images $x$, or one image.
        weight: The kernels $w$, one an output channel.
        bias: The shift $b$ of every output channel, or `None` for none.
        stride: $s$, from one window to the next.
        padding: Zeros around the image, or "valid" for none, or "same" for as
            many as keep the size.
        dilation: $d$, from one entry of a window to the next.
        groups: Parts of the channels; an output channel reads the channels of
            its own part.

    Returns:
        The images $y$; the gradient, derived by hand, can be taken once.

    Raises:
        ValueError: S14 if the shapes do not fit each other or no window fits
            into the padded image, A01 if a number or a word is out of range,
            A03 if `groups` does not divide the channels or "same" has a
            stride, S02 if the tensors live on different devices.
        TypeError: S01 if their dtypes differ, A02 if one is not a tensor or a
            number not whole.

    Examples:
        >>> conv2d(torch.arange(4.0).view(1, 1, 4), torch.ones(1, 1, 1, 2))
        tensor([[[1., 3., 5.]]])

    Source:
        LeCun et al. (1989), section 3: units of a plane share their weights.

    Differs:
        torch also takes complex numbers.
    """
    checks.same_kind("conv2d", input=input, weight=weight, bias=bias)
    images("conv2d", input)
    _fitting(input, weight, bias, groups)
    size = weight.shape[2], weight.shape[3]
    steps = pair("conv2d", "stride", stride)
    gaps = pair("conv2d", "dilation", dilation)
    frame = frame_of("conv2d", padding, size, steps, gaps)
    both = lay("conv2d", input.shape, (size, steps, gaps), frame)
    kind = input.dtype
    if is_mixed(input):
        kind = torch.get_autocast_dtype(input.device.type)
        input, weight = input.to(kind), weight.to(kind)
        bias = None if bias is None else bias.to(kind)
    x = input if input.ndim == 4 else input[None]
    y: Tensor
    if fused():
        y = kernels.conv2d(framed(x, both), weight, bias, steps, gaps, groups)
    else:
        b = None if bias is None else wide(bias)[0]
        y = _convolved(wide(x)[0], wide(weight)[0], b, both, groups)  # (1)
        y = y.to(kind)
    return y if input.ndim == 4 else y[0]


def _convolved(
    x: Tensor, weight: Tensor, bias: Tensor | None, both: Both, groups: int
) -> Tensor:
    """Choose what is fastest for these sizes; the numbers are the same."""
    rows, columns = both
    result: Tensor
    if groups == 1 and weight.shape[2:].numel() == 1:  # a matrix a place
        x = columns.tap(rows.tap(framed(x, both), -2, 0), -1, 0)
        matrix = weight.flatten(1).expand(len(x), -1, -1)
        result = (matrix @ x.flatten(2)).unflatten(2, x.shape[2:])
        return result if bias is None else result + bias[:, None, None]
    near = rows.stride == columns.stride == 1
    if groups == 1 and near and weight.shape[1] >= MANY and len(x):
        result = by_shifts(x, weight, bias, both)
    else:
        result = _Convolution.apply(x, weight, bias, both, groups)
    return result


def frame_of(
    where: str, padding: Lengths | str, size: Pair, steps: Pair, gaps: Pair
) -> tuple[Pair, Pair]:
    """Return what a padding adds around an image.

    Args:
        where: The function that asks.
        padding: A number, two, "valid" or "same".
        size: Height and width of a kernel.
        steps: From one window to the next.
        gaps: From one entry of a window to the next.

    Returns:
        The zeros above and below, and those left and right.

    Raises:
        ValueError: A01 if the number or the word is out of range, A03 if
            "same" has a stride.
        TypeError: A02 if it is not a whole number, two, or a word.

    Examples:
        >>> frame_of("conv2d", "same", (3, 2), (1, 1), (1, 1))
        ((1, 1), (0, 1))

    Source:
        `torch.nn.Conv2d`.

    Differs:
        nothing
    """
    if not isinstance(padding, str):
        high, wide_ = pair(where, "padding", padding, 0)
        return (high, high), (wide_, wide_)
    checks.one_of(where, "padding", padding, ("valid", "same"))
    if padding == "valid":
        return (0, 0), (0, 0)
    if steps != (1, 1):
        raise PfsValueError(
            "A03",
            where=f"{where}, padding and stride",
            expected='stride 1 with padding="same"',
            got=f"stride {steps}",
            todo="give the padding as a number, as kernel_size // 2",
        )
    more = [d * (k - 1) for d, k in zip(gaps, size, strict=True)]
    above, left = (n // 2 for n in more)
    return (above, more[0] - above), (left, more[1] - left)


def _fitting(
    input: Tensor, weight: Tensor, bias: Tensor | None, groups: int
) -> None:
    """Refuse channels that do not fit the kernels or the groups."""
    checks.positive("conv2d", groups=groups)
    if weight.ndim != 4 or not weight.shape[1:].numel():
        raise PfsValueError(
            "S14",
            where="conv2d, weight",
            expected="four axes (output channel height width), none empty",
            got=f"shape {tuple(weight.shape)}",
            todo="give it an axis of size 1 where one is missing",
        )
    outputs, channels = weight.shape[:2]
    if outputs % groups:
        raise PfsValueError(
            "A03",
            where="conv2d, weight and groups",
            expected="groups that divide the output channels",
            got=f"{outputs} output channels in {groups} groups",
            todo="choose groups that divide both numbers of channels",
        )
    if input.shape[-3] != channels * groups:
        raise PfsValueError(
            "S14",
            where="conv2d, input and weight",
            expected=f"{channels * groups} channels: {groups} group(s) of the "
            f"{channels} that a kernel reads",
            got=f"{input.shape[-3]} channels, shape {tuple(input.shape)}",
            todo="check the order of the axes: (batch channel height width)",
        )
    checks.shape("conv2d", "bias", bias, outputs)
