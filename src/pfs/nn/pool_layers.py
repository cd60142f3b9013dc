"""The poolings as layers."""

from typing import Any

from torch import nn

from pfs.nn.adaptive_pool import (
    Size,
    adaptive_avg_pool2d,
    adaptive_max_pool2d,
)
from pfs.nn.pool import avg_pool2d, max_pool2d
from pfs.nn.windows import Lengths
from pfs.shapes import Float, Tensor


class MaxPool2d(nn.Module):
    """`max_pool2d` as a layer.

    Args:
        kernel_size: Height and width of a window.
        stride: From one window to the next; a window's size if `None`.
        padding: Places around the image, which are never the largest.
        dilation: From one place of a window to the next.
        return_indices: Whether to return the places of the maxima too.
        ceil_mode: Whether the last window may reach beyond the padding.

    Examples:
        >>> import torch
        >>> MaxPool2d(3, 2, 1)(torch.zeros(2, 3, 8, 8)).shape
        torch.Size([2, 3, 4, 4])

    Source:
        The twin of `torch.nn.MaxPool2d`.

    Differs:
        nothing
    """

    def __init__(
        self,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        dilation: Lengths = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, "
            f"padding={self.padding}, dilation={self.dilation}, "
            f"ceil_mode={self.ceil_mode}"
        )

    def forward(
        self, input: Float[Tensor, "*batch channel height width"]
    ) -> Any:
        """Apply `max_pool2d`."""
        return max_pool2d(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            self.ceil_mode,
            self.return_indices,
        )


class AvgPool2d(nn.Module):
    """`avg_pool2d` as a layer.

    Args:
        kernel_size: Height and width of a window.
        stride: From one window to the next; a window's size if `None`.
        padding: Zeros around the image.
        ceil_mode: Whether the last window may reach beyond the padding.
        count_include_pad: Whether the zeros of the padding count in the mean.
        divisor_override: A number to divide by instead of the count.

    Examples:
        >>> import torch
        >>> AvgPool2d(2)(torch.zeros(2, 3, 8, 8)).shape
        torch.Size([2, 3, 4, 4])

    Source:
        The twin of `torch.nn.AvgPool2d`.

    Differs:
        nothing
    """

    def __init__(
        self,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, "
            f"padding={self.padding}"
        )

    def forward(
        self, input: Float[Tensor, "*batch channel height width"]
    ) -> Float[Tensor, "*batch channel height_out width_out"]:
        """Apply `avg_pool2d`."""
        return avg_pool2d(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
            self.divisor_override,
        )


class AdaptiveAvgPool2d(nn.Module):
    """`adaptive_avg_pool2d` as a layer.

    Args:
        output_size: Height and width of the result; `None` keeps one.

    Examples:
        >>> import torch
        >>> AdaptiveAvgPool2d(1)(torch.zeros(2, 3, 8, 8)).shape
        torch.Size([2, 3, 1, 1])

    Source:
        The twin of `torch.nn.AdaptiveAvgPool2d`.

    Differs:
        nothing
    """

    def __init__(self, output_size: Size) -> None:
        super().__init__()
        self.output_size = output_size

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return f"output_size={self.output_size}"

    def forward(
        self, input: Float[Tensor, "*batch channel height width"]
    ) -> Float[Tensor, "*batch channel height_out width_out"]:
        """Apply `adaptive_avg_pool2d`."""
        return adaptive_avg_pool2d(input, self.output_size)


class AdaptiveMaxPool2d(nn.Module):
    """`adaptive_max_pool2d` as a layer.

    Args:
        output_size: Height and width of the result; `None` keeps one.
        return_indices: Whether to return the places of the maxima too.

    Examples:
        >>> import torch
        >>> AdaptiveMaxPool2d(2)(torch.zeros(2, 3, 8, 8)).shape
        torch.Size([2, 3, 2, 2])

    Source:
        The twin of `torch.nn.AdaptiveMaxPool2d`.

    Differs:
        nothing
    """

    def __init__(
        self,
        output_size: Size,
        return_indices: bool = False,
    ) -> None:
        super().__init__()
        self.output_size = output_size
        self.return_indices = return_indices

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return f"output_size={self.output_size}"

    def forward(
        self, input: Float[Tensor, "*batch channel height width"]
    ) -> Any:
        """Apply `adaptive_max_pool2d`."""
        return adaptive_max_pool2d(input, self.output_size, self.return_indices)
