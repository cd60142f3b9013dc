r"""Convolution as a layer."""

import math
from typing import Any

import torch
from torch import nn

from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.nn.conv import conv2d, frame_of
from pfs.nn.windows import Lengths, pair
from pfs.shapes import Float, Tensor


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
        kernel_size: Lengths,
        stride: Lengths = 1,
        padding: Lengths | str = 0,
        dilation: Lengths = 1,
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
        sizes = (self.kernel_size, self.stride, self.dilation)
        frame_of(where, padding, *sizes)
        text = isinstance(padding, str)
        self.padding = padding if text else pair(where, "padding", padding, 0)
        kind = {"device": device, "dtype": dtype}
        shape = (out_channels, in_channels // groups, *self.kernel_size)
        self.weight = nn.Parameter(torch.empty(shape, **kind))
        self.bias: nn.Parameter | None
        if bias:
            self.bias = nn.Parameter(torch.empty(out_channels, **kind))
        else:
            self.register_parameter("bias", None)
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
