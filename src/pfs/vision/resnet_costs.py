"""What a network costs: shapes, parameters and multiply-adds of its layers.

Note: notes/resnet
"""

import copy
import math
from typing import Any, NamedTuple

import torch
from torch import nn

from pfs.nn import BatchNorm2d, Conv2d, Linear
from pfs.shapes import Tensor


class Cost(NamedTuple):
    """What one layer costs for one image.

    Examples:
        >>> Cost("fc", (10,), 650, 640).multiply_adds
        640

    Source:
        This project.

    Differs:
        nothing
    """

    name: str
    """The name of the layer in the network."""
    shape: tuple[int, ...]
    """The shape of what it gives out, without the batch."""
    parameters: int
    """How many numbers it learns."""
    multiply_adds: int
    """How many products it computes."""


# --8<-- [start:costs]
def layer_costs(model: nn.Module, *image: int) -> list[Cost]:
    r"""Count what each convolution, normalization and affine map costs.

    $$ \mathrm{multiply\text{-}adds} = H W \cdot C_\mathrm{out} \cdot k^2
    C_\mathrm{in} / g \tag{10} $$

    $H \times W$ is the size of the output, $g$ the number of groups.
    Normalization counts as nothing: it can be folded into the convolution
    before it. Only shapes run through the network, on the device `meta`.

    Args:
        model: The network; it is not changed.
        image: The shape of one image: channels, height, width.

    Returns:
        One row for each layer, in the order in which they run.

    Examples:
        >>> from pfs.vision.resnet import RESNET_18, ResNet
        >>> layer_costs(ResNet(RESNET_18, device="meta"), 3, 224, 224)[0]
        Cost(name='conv1', shape=(64, 112, 112), parameters=9408,
             multiply_adds=118013952)

    Source:
        He et al. (2016), Table 1: "FLOPs (multiply-adds)".

    Differs:
        Additions of biases and shortcuts, ReLU and pooling count as nothing.
    """
    model = copy.deepcopy(model).to("meta", torch.float32).eval()
    rows: list[Cost] = []

    def note(name: str) -> Any:
        def hook(layer: nn.Module, _: Any, output: Tensor) -> None:
            shape = tuple(output.shape[1:])
            count = sum(p.numel() for p in layer.parameters())
            products = 0
            if isinstance(layer, Conv2d | Linear):
                places = math.prod(shape[1:])  # 1 for an affine map
                products = places * layer.weight.numel()  # (10)
            rows.append(Cost(name, shape, count, products))

        return hook

    for name, layer in model.named_modules():
        if isinstance(layer, Conv2d | BatchNorm2d | Linear):
            layer.register_forward_hook(note(name))
    model(torch.empty(1, *image, device="meta"))
    return rows
    # --8<-- [end:costs]


def multiply_adds(model: nn.Module, *image: int) -> int:
    """Count the products of a whole network for one image.

    Args:
        model: The network; it is not changed.
        image: The shape of one image: channels, height, width.

    Returns:
        The sum over its layers.

    Examples:
        >>> from pfs.vision.resnet import RESNET_18, ResNet
        >>> multiply_adds(ResNet(RESNET_18, device="meta"), 3, 224, 224)
        1814073344

    Source:
        He et al. (2016), Table 1: "FLOPs (multiply-adds)".

    Differs:
        See `layer_costs`.
    """
    return sum(row.multiply_adds for row in layer_costs(model, *image))
