r"""Residual networks: layers that learn what to add to their input.

He, Zhang, Ren & Sun (2016). Note: notes/resnet
"""

import math
from itertools import pairwise
from typing import Any

from torch import nn

from pfs.errors import PfsValueError
from pfs.nn import BatchNorm2d, Conv2d, Linear, checks, max_pool2d, relu
from pfs.shapes import Float, Tensor
from pfs.vision.resnet_blocks import BasicBlock, Bottleneck
from pfs.vision.resnet_config import (
    RESNET_18,
    RESNET_18_CIFAR,
    RESNET_34,
    RESNET_50,
    RESNET_50_V1,
    RESNET_101,
    RESNET_101_V1,
    RESNET_152,
    RESNET_152_V1,
    TINY,
    ResNetConfig,
    cifar,
)

__all__ = [
    "RESNET_18",
    "RESNET_18_CIFAR",
    "RESNET_34",
    "RESNET_50",
    "RESNET_50_V1",
    "RESNET_101",
    "RESNET_101_V1",
    "RESNET_152",
    "RESNET_152_V1",
    "TINY",
    "BasicBlock",
    "Bottleneck",
    "ResNet",
    "ResNetConfig",
    "cifar",
]


class ResNet(nn.Module):
    r"""A stem, stages of residual blocks, the mean over the places, classes.

    $$
    \begin{align}
    f &= \frac{1}{H W} \sum_{i=1}^{H} \sum_{j=1}^{W} y_{:,i,j} \tag{7} \\
    o &= W_o f + b \tag{8} \\
    \mathrm{std}(w) &= \sqrt{2 / (k^2 C_\mathrm{out})} \tag{9}
    \end{align}
    $$

    $y$ are the feature maps after the last block. A convolution of $k \times
    k$ places and $C_\mathrm{out}$ outputs starts with normal weights $w$ of
    mean 0. Each stage but the first halves the size.

    Args:
        config: The form of the network.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Examples:
        >>> import torch
        >>> model = ResNet(TINY)
        >>> images = torch.zeros(2, 3, 8, 8)
        >>> model(images).shape, model.features(images).shape
        (torch.Size([2, 3]), torch.Size([2, 8]))

    Source:
        He et al. (2016), Table 1 and section 4.2; the initialization is that
        of He et al. (2015).

    Differs:
        The classes start as `Linear` does, the convolutions by the number of
        outputs; both as in torchvision. The paper says no more than "as in"
        its reference for all of them.
    """

    def __init__(
        self, config: ResNetConfig, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        self.config = c = config
        place = {"device": device, "dtype": dtype}
        size, stride = (7, 2) if c.stem == "imagenet" else (3, 1)
        self.conv1 = Conv2d(
            c.channels,
            c.widths[0],
            size,
            stride,
            size // 2,
            bias=False,
            **place,
        )
        self.bn1 = BatchNorm2d(c.widths[0], **place)
        outputs = [c.widths[0], *(w * c.expansion for w in c.widths)]
        for k, (channels, output) in enumerate(pairwise(outputs)):
            stage = self._stage(k, channels, output, place)
            self.add_module(f"layer{k + 1}", stage)
        self.fc = Linear(c.feature_size, c.classes, **place)
        self.reset_parameters()

    def _stage(
        self, k: int, channels: int, output: int, place: dict[str, Any]
    ) -> nn.Sequential:
        """Make the blocks of a stage; the first one changes the shape."""
        c = self.config
        kind = BasicBlock if c.block == "basic" else Bottleneck
        stride = 1 if k == 0 else 2
        first = kind(channels, c.widths[k], stride, c, **place)
        more = range(1, c.depths[k])
        rest = [kind(output, c.widths[k], 1, c, **place) for _ in more]
        return nn.Sequential(first, *rest)

    def reset_parameters(self) -> None:
        """Draw the convolutions; normalization starts as doing nothing."""
        for module in self.modules():
            if isinstance(module, Conv2d):
                outputs, _, height, width = module.weight.shape
                std = math.sqrt(2) / math.sqrt(height * width * outputs)
                nn.init.normal_(module.weight, 0.0, std)  # (9)
            elif isinstance(module, BatchNorm2d):
                module.reset_parameters()
        if self.config.zero_init_residual:
            for module in self.modules():
                if isinstance(module, BasicBlock):
                    nn.init.zeros_(module.bn2.get_parameter("weight"))
                elif isinstance(module, Bottleneck):
                    nn.init.zeros_(module.bn3.get_parameter("weight"))

    # --8<-- [start:model]
    def forward(
        self, x: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch classes"]:
        """Classify images.

        Args:
            x: Images, of any size that the strides leave something of.

        Returns:
            The logits of the classes.

        Raises:
            ValueError: S14 if there are not four axes, or another number of
                channels than the network was made for.
            TypeError: S01 if their dtype differs from the network's, A02 if
                they are no tensor.
        """
        o: Float[Tensor, "batch classes"] = self.fc(self.features(x))  # (8)
        return o

    def features(
        self, x: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch feature"]:
        """Describe images, as the layer of the classes sees them.

        Args:
            x: Images.

        Returns:
            The means of the last feature maps, `config.feature_size` numbers
            for an image.
        """
        y: Float[Tensor, "batch feature _ _"] = self.maps(x)[-1]
        f: Float[Tensor, "batch feature"] = y.mean((2, 3))  # (7)
        return f

    def maps(
        self, x: Float[Tensor, "batch channel height width"]
    ) -> list[Float[Tensor, "batch _ _ _"]]:
        """Return the feature maps after the stem and after every stage.

        Args:
            x: Images.

        Returns:
            One tensor for the stem, then one for each stage.
        """
        _check_images(x, self.config.channels)
        y = relu(self.bn1(self.conv1(x)))
        if self.config.stem == "imagenet":
            y = max_pool2d(y, 3, stride=2, padding=1)
        outputs = [y]
        for k in range(len(self.config.depths)):
            outputs.append(self.get_submodule(f"layer{k + 1}")(outputs[-1]))
        return outputs

    # --8<-- [end:model]


def _check_images(x: Tensor, channels: int) -> None:
    """Refuse what is not a batch of images with so many channels."""
    checks.tensor("ResNet", "images", x)
    if x.ndim != 4 or x.shape[1] != channels:
        raise PfsValueError(
            "S14",
            where="ResNet, images",
            expected=f"(batch, {channels} channels, height, width)",
            got=f"shape {tuple(x.shape)}",
            todo="channels come second; one image needs images[None]",
        )
