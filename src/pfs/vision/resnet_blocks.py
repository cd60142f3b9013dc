r"""Blocks that learn what to add to their input.

Note: notes/resnet
"""

from typing import Any

from torch import nn

from pfs.nn import BatchNorm2d, relu
from pfs.shapes import Float, Tensor
from pfs.vision.resnet_config import ResNetConfig
from pfs.vision.resnet_shortcuts import (
    add_shortcut,
    choose_shortcut,
    conv1x1,
    conv3x3,
)


class BasicBlock(nn.Module):
    r"""Two 3x3 convolutions beside a shortcut.

    $$
    \begin{align}
    F(x) &= \mathrm{BN}\big(W_2\, \sigma(\mathrm{BN}(W_1 x))\big) \tag{1} \\
    y &= \sigma\big(F(x) + s(x)\big) \tag{2}
    \end{align}
    $$

    $\sigma$ is the ReLU and $s$ the shortcut: $x$ itself, or what fits where
    the shape changes.

    Args:
        channels: Number of channels that come in.
        width: Number of channels that go out.
        stride: The step of the first convolution.
        config: The form of the network.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Examples:
        >>> import torch
        >>> from pfs.vision.resnet_config import TINY
        >>> BasicBlock(4, 8, 2, TINY)(torch.zeros(1, 4, 6, 6)).shape
        torch.Size([1, 8, 3, 3])

    Source:
        He et al. (2016), equations 1 and 2, Figures 2 and 3.

    Differs:
        nothing
    """

    def __init__(
        self,
        channels: int,
        width: int,
        stride: int,
        config: ResNetConfig,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        place = {"device": device, "dtype": dtype}
        self.plain = config.shortcut == "none"
        self.conv1 = conv3x3(channels, width, stride, **place)
        self.bn1 = BatchNorm2d(width, **place)
        self.conv2 = conv3x3(width, width, 1, **place)
        self.bn2 = BatchNorm2d(width, **place)
        self.downsample = choose_shortcut(
            channels, width, stride, config, **place
        )

    # --8<-- [start:basic]
    def forward(
        self, x: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch output rows columns"]:
        """Add to the input what two convolutions make of it.

        Args:
            x: Feature maps.

        Returns:
            Feature maps, never below 0.
        """
        y = relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))  # (1)
        return relu(add_shortcut(y, x, self.downsample, self.plain))  # (2)

    # --8<-- [end:basic]


class Bottleneck(nn.Module):
    r"""A 3x3 convolution between two 1x1, beside a shortcut.

    $$
    F(x) = \mathrm{BN}\Big(W_3\, \sigma\big(\mathrm{BN}(W_2\,
    \sigma(\mathrm{BN}(W_1 x)))\big)\Big) \tag{3}
    $$

    $W_1$ makes the channels few, $W_2$ looks at the neighbours, $W_3$ makes
    the channels four times as many. Then equation 2 of `BasicBlock`.

    Args:
        channels: Number of channels that come in.
        width: Number of channels inside; four times as many go out.
        stride: The step of the convolution that `config.stride_in` names.
        config: The form of the network.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Examples:
        >>> from pfs.vision.resnet_config import RESNET_50
        >>> block = Bottleneck(256, 64, 1, RESNET_50, device="meta")
        >>> sum(p.numel() for p in block.parameters() if p.ndim == 4)
        69632

    Source:
        He et al. (2016), section 4.1, Figure 5.

    Differs:
        With `stride_in="3x3"` the stride is not in the first convolution.
    """

    def __init__(
        self,
        channels: int,
        width: int,
        stride: int,
        config: ResNetConfig,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        place = {"device": device, "dtype": dtype}
        output = width * config.expansion
        first = stride if config.stride_in == "1x1" else 1
        self.plain = config.shortcut == "none"
        self.conv1 = conv1x1(channels, width, first, **place)
        self.bn1 = BatchNorm2d(width, **place)
        self.conv2 = conv3x3(width, width, stride // first, **place)
        self.bn2 = BatchNorm2d(width, **place)
        self.conv3 = conv1x1(width, output, 1, **place)
        self.bn3 = BatchNorm2d(output, **place)
        self.downsample = choose_shortcut(
            channels, output, stride, config, **place
        )

    # --8<-- [start:bottleneck]
    def forward(
        self, x: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch output rows columns"]:
        """Add to the input what three convolutions make of it.

        Args:
            x: Feature maps.

        Returns:
            Feature maps, never below 0.
        """
        y = relu(self.bn1(self.conv1(x)))
        y = relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))  # (3)
        return relu(add_shortcut(y, x, self.downsample, self.plain))  # (2)

    # --8<-- [end:bottleneck]
