r"""How the input of a block reaches its output.

Note: notes/resnet
"""

from typing import Any

import torch
from torch import nn

from pfs.nn import BatchNorm2d, Conv2d
from pfs.shapes import Float, Tensor
from pfs.vision.resnet_config import ResNetConfig


# --8<-- [start:add]
def add_shortcut(
    y: Float[Tensor, "batch output rows columns"],
    x: Float[Tensor, "batch channel height width"],
    downsample: nn.Module | None,
    plain: bool,
) -> Float[Tensor, "batch output rows columns"]:
    r"""Add a block's input to what the block has made of it.

    $$ s(x) = x \tag{4} $$

    or $s(x)$ = `downsample(x)` where the shape changes.

    Args:
        y: What the convolutions have made, $F(x)$.
        x: The input of the block.
        downsample: What gives `x` the shape of `y`, or `None`.
        plain: Whether there is no shortcut at all.

    Returns:
        The sum, before the ReLU.

    Examples:
        >>> x = torch.ones(1, 1, 1, 2)
        >>> add_shortcut(5 * x, x, None, plain=False)
        tensor([[[[6., 6.]]]])

    Source:
        He et al. (2016), equations 1 and 2.

    Differs:
        nothing
    """
    if plain:
        return y
    return y + (x if downsample is None else downsample(x))  # (4)
    # --8<-- [end:add]


class Projection(nn.Sequential):
    r"""A 1x1 convolution with batch normalization: options B and C.

    $$ s(x) = \mathrm{BN}(W_s x) \tag{5} $$

    Args:
        channels: Number of channels that come in.
        output: Number of channels that go out.
        stride: Every how many places one is kept, along each axis.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Examples:
        >>> Projection(4, 8, 2)(torch.zeros(1, 4, 6, 6)).shape
        torch.Size([1, 8, 3, 3])

    Source:
        He et al. (2016), section 3.3. Batch normalization follows each
        convolution (section 3.4).

    Differs:
        nothing
    """

    def __init__(
        self,
        channels: int,
        output: int,
        stride: int,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        place = {"device": device, "dtype": dtype}
        super().__init__(  # (5)
            conv1x1(channels, output, stride, **place),
            BatchNorm2d(output, **place),
        )


class PadChannels(nn.Module):
    r"""Thin out the places and append channels of zeros: option A.

    $$ s(x) = \big[\,x_{:,\; ::s,\; ::s};\; 0\,\big] \tag{6} $$

    Nothing is learnt.

    Args:
        missing: How many channels of zeros to append.
        stride: Every how many places one is kept, along each axis.

    Examples:
        >>> PadChannels(2, 2)(torch.ones(1, 1, 4, 4)).sum((2, 3))
        tensor([[4., 0., 0.]])

    Source:
        He et al. (2016), section 3.3, option A.

    Differs:
        The paper does not say where the zeros go; here they come last. Some
        code puts half of them before.
    """

    def __init__(self, missing: int, stride: int) -> None:
        super().__init__()
        self.missing, self.stride = missing, stride

    # --8<-- [start:zeros]
    def forward(
        self, x: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch output rows columns"]:
        """Make the shape fit without a parameter.

        Args:
            x: Feature maps.

        Returns:
            Every `stride`-th place of them, and the channels of zeros.
        """
        x = x[:, :, :: self.stride, :: self.stride]
        zeros = x.new_zeros(x.shape[0], self.missing, *x.shape[2:])
        return torch.cat([x, zeros], 1)  # (6)

    # --8<-- [end:zeros]

    def extra_repr(self) -> str:
        """Return the arguments."""
        return f"missing={self.missing}, stride={self.stride}"


# --8<-- [start:choose]
def choose_shortcut(
    channels: int, output: int, stride: int, config: ResNetConfig, **place: Any
) -> nn.Module | None:
    """Say what gives a block's input the shape of its output.

    Args:
        channels: Number of channels that come in.
        output: Number of channels that go out.
        stride: The step of the block.
        config: The form of the network.
        place: `device` and `dtype`.

    Returns:
        A module, or `None` if the input is added as it is, or not at all.

    Examples:
        >>> from pfs.vision.resnet_config import cifar
        >>> choose_shortcut(16, 32, 2, cifar(20))
        PadChannels(missing=16, stride=2)
        >>> choose_shortcut(16, 16, 1, cifar(20))

    Source:
        He et al. (2016), sections 3.3 and 4.1: options A, B and C.

    Differs:
        nothing
    """
    changes = stride != 1 or channels != output
    kind = config.shortcut
    if kind == "C" or (kind == "B" and changes):
        return Projection(channels, output, stride, **place)
    if kind == "A" and changes:
        return PadChannels(output - channels, stride)
    return None
    # --8<-- [end:choose]


def conv3x3(channels: int, output: int, stride: int, **place: Any) -> Conv2d:
    """Make a 3x3 convolution that keeps the size, without bias.

    Args:
        channels: Number of channels that come in.
        output: Number of channels that go out.
        stride: Its step.
        place: `device` and `dtype`.

    Returns:
        The layer.

    Examples:
        >>> conv3x3(4, 8, 1)(torch.zeros(1, 4, 6, 6)).shape
        torch.Size([1, 8, 6, 6])

    Source:
        He et al. (2016), section 3.3.

    Differs:
        nothing
    """
    return Conv2d(channels, output, 3, stride, 1, bias=False, **place)


def conv1x1(channels: int, output: int, stride: int, **place: Any) -> Conv2d:
    """Make a 1x1 convolution without bias.

    Args:
        channels: Number of channels that come in.
        output: Number of channels that go out.
        stride: Its step.
        place: `device` and `dtype`.

    Returns:
        The layer.

    Examples:
        >>> conv1x1(4, 8, 2)(torch.zeros(1, 4, 6, 6)).shape
        torch.Size([1, 8, 3, 3])

    Source:
        He et al. (2016), section 4.1.

    Differs:
        nothing
    """
    return Conv2d(channels, output, 1, stride, bias=False, **place)
