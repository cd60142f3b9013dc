r"""Convolution: the same small linear map at every place of an image."""

import math
from typing import Any

import torch
from torch import nn

from pfs import kernels
from pfs.backend import fused
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.nn.precision import wide
from pfs.nn.windows import Pair, covered, images, pair
from pfs.shapes import Float, Tensor


def conv2d(
    input: Float[Tensor, "*batch channel height width"],
    weight: Float[Tensor, "output group_channel kernel_height kernel_width"],
    bias: Float[Tensor, " output"] | None = None,
    stride: int | Pair = 1,
    padding: int | Pair | str = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> Float[Tensor, "*batch output height_out width_out"]:
    r"""Slide a kernel over images and take its product with every window.

    $$ y_{o,p,q} = b_o + \sum_{c,i,j} w_{o,c,i,j}\; x_{c,\,sp + di,\,sq + dj}
    \tag{1} $$

    Args:
        input: Images $x$, or one image.
        weight: The kernels $w$, one an output channel.
        bias: The shift $b$ of every output channel, or `None` for none.
        stride: $s$, from one window to the next.
        padding: Zeros around the image, or "valid" for none, or "same" for as
            many as keep the size.
        dilation: $d$, from one entry of a window to the next.
        groups: Parts of the channels; each output reads the channels of its
            own part.

    Returns:
        The images $y$.

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
        LeCun et al. (1989), section 4: units share their weights.

    Differs:
        nothing
    """
    where = "conv2d"
    checks.same_kind(where, input=input, weight=weight, bias=bias)
    images(where, input)
    steps = pair(where, "stride", stride)
    gaps = pair(where, "dilation", dilation)
    _fitting(input, weight, bias, groups)
    span = tuple(
        d * (k - 1) + 1 for d, k in zip(gaps, weight.shape[2:], strict=True)
    )
    frame = _frame(padding, span, steps)
    around = tuple(a + b for a, b in frame)
    covered(where, input.shape[-2:], around, (span[0], span[1]))
    x = input if input.ndim == 4 else input[None]
    if fused():
        y = kernels.conv2d(x, weight, bias, steps, padding, gaps, groups)
    else:
        x, kind = wide(x)
        w = wide(weight)[0]
        (top, bottom), (left, right) = frame
        x = torch.constant_pad_nd(x, (left, right, top, bottom))
        x = x.unfold(2, span[0], steps[0]).unfold(3, span[1], steps[1])
        x = x[..., :: gaps[0], :: gaps[1]].unflatten(1, (groups, -1))
        w = w.unflatten(0, (groups, -1))
        y = torch.einsum("bgcpqij,gocij->bgopq", x, w).flatten(1, 2)  # (1)
        if bias is not None:
            y = y + bias[:, None, None]
        y = y.to(kind)
    return y if input.ndim == 4 else y[0]


def _fitting(
    input: Tensor, weight: Tensor, bias: Tensor | None, groups: int
) -> None:
    """Refuse channels that do not fit the kernels or the groups."""
    checks.positive("conv2d", groups=groups)
    if weight.ndim != 4:
        raise PfsValueError(
            "S14",
            where="conv2d, weight",
            expected="four axes (output channel height width)",
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
            where="conv2d, input",
            expected=f"{channels * groups} channels: {groups} groups of the "
            f"{channels} that a kernel reads",
            got=f"{input.shape[-3]} channels, shape {tuple(input.shape)}",
            todo="check the order of the axes: (batch channel height width)",
        )
    checks.shape("conv2d", "bias", bias, outputs)


def _frame(
    padding: int | Pair | str, span: tuple[int, ...], steps: Pair
) -> tuple[Pair, Pair]:
    """Return the zeros above and below, and left and right."""
    if not isinstance(padding, str):
        high, wide_ = pair("conv2d", "padding", padding, 0)
        return (high, high), (wide_, wide_)
    checks.one_of("conv2d", "padding", padding, ("valid", "same"))
    if padding == "valid":
        return (0, 0), (0, 0)
    if steps != (1, 1):
        raise PfsValueError(
            "A03",
            where="conv2d, padding and stride",
            expected='stride 1 with padding="same"',
            got=f"stride {steps}",
            todo="give the padding as a number, kernel_size // 2",
        )
    first, second = (((n - 1) // 2, n - 1 - (n - 1) // 2) for n in span)
    return first, second


class Conv2d(nn.Module):
    r"""`conv2d` with its parameters.

    Args:
        in_channels: Channels of the input.
        out_channels: Channels of the output.
        kernel_size: Height and width of the kernels.
        stride: From one window to the next.
        padding: Zeros around the image, or "valid", or "same".
        dilation: From one entry of a window to the next.
        groups: Parts of the channels that do not see each other.
        bias: Whether to add $b$.
        padding_mode: What stands around the image: "zeros".
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if a number or a word is out of range, A03 if `groups`
            does not divide both numbers of channels or "same" has a stride.
        TypeError: A02 if a number is not whole.

    Examples:
        >>> Conv2d(3, 8, 3, padding=1)(torch.zeros(2, 3, 5, 5)).shape
        torch.Size([2, 8, 5, 5])

    Source:
        The twin of `torch.nn.Conv2d`.

    Differs:
        Other modes of padding than zeros are refused.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | Pair,
        stride: int | Pair = 1,
        padding: int | Pair | str = 0,
        dilation: int | Pair = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        where = "Conv2d"
        channels = {"in_channels": in_channels, "out_channels": out_channels}
        checks.positive(where, **channels, groups=groups)
        checks.one_of(where, "padding_mode", padding_mode, ("zeros",))
        if in_channels % groups or out_channels % groups:
            raise PfsValueError(
                "A03",
                where=f"{where}, groups",
                expected="groups that divide both numbers of channels",
                got=f"{groups} groups of {in_channels} and {out_channels}",
                todo="choose groups that divide both",
            )
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = pair(where, "kernel_size", kernel_size)
        self.stride = pair(where, "stride", stride)
        self.dilation = pair(where, "dilation", dilation)
        self.groups = groups
        _frame(padding, self.kernel_size, self.stride)
        text = isinstance(padding, str)
        self.padding = padding if text else pair(where, "padding", padding, 0)
        kind = {"device": device, "dtype": dtype}
        shape = (out_channels, in_channels // groups, *self.kernel_size)
        self.weight = nn.Parameter(torch.empty(shape, **kind))
        shift = (
            nn.Parameter(torch.empty(out_channels, **kind)) if bias else None
        )
        self.register_parameter("bias", shift)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        r"""Draw from $U(-1/\sqrt{n}, 1/\sqrt{n})$, $n$ numbers in a window."""
        bound = 1 / math.sqrt(self.weight[0].numel())
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        words = (
            f"{self.in_channels}, {self.out_channels}, "
            f"kernel_size={self.kernel_size}, stride={self.stride}"
        )
        if self.padding != (0, 0):
            words += f", padding={self.padding}"
        if self.dilation != (1, 1):
            words += f", dilation={self.dilation}"
        if self.groups != 1:
            words += f", groups={self.groups}"
        return words if self.bias is not None else words + ", bias=False"

    def forward(
        self, input: Float[Tensor, "*batch channel height width"]
    ) -> Float[Tensor, "*batch output height_out width_out"]:
        """Apply `conv2d`."""
        return conv2d(
            input,
            self.weight,
            self.bias,
            self.stride,
            self.padding,
            self.dilation,
            self.groups,
        )
