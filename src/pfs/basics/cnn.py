r"""The convolutional network that read zip codes.

LeCun, Boser, Denker, Henderson, Howard, Hubbard & Jackel (1989),
"Backpropagation applied to handwritten zip code recognition".
Note: notes/cnn

No recipe: the note trains it on the digits of scikit-learn, in seconds.
"""

from typing import Any, Final

import torch
from torch import nn

from pfs.basics.cnn_config import (
    BLOCKS,
    SHARED_BIAS,
    ZIP_CODE,
    Counts,
    ZipCodeConfig,
    check,
    check_table,
    count,
    half,
)
from pfs.nn import Linear, checks, conv2d, tanh
from pfs.shapes import Float, Int, Tensor

__all__ = [
    "BLOCKS",
    "SHARED_BIAS",
    "ZIP_CODE",
    "Counts",
    "FeatureMaps",
    "ZipCodeConfig",
    "ZipCodeNetwork",
    "count",
    "scaled_tanh",
    "squared_error",
]

AMPLITUDE: Final = 1.7159
SLOPE: Final = 2 / 3
"""With these two the function goes through (1, 1) and (-1, -1)."""
BOUND: Final = 2.4
"""The numerator of the paper's initial weights."""


def scaled_tanh(input: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch"]:
    r"""Squash every entry into (-A, A), with the value 1 at 1.

    $$ f(a) = A \tanh(S a), \qquad A = 1.7159, \quad S = \tfrac23 \tag{3} $$

    Args:
        input: Any tensor $a$.

    Returns:
        $f(a)$. Targets of $\pm 1$ lie where its slope is not small yet.

    Raises:
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor.

    Examples:
        >>> scaled_tanh(torch.tensor([-1.0, 0.0, 1.0, 100.0]))
        tensor([-1.0000,  0.0000,  1.0000,  1.7159])

    Source:
        LeCun et al. (1989), section 3; the two numbers are those of LeCun,
        Bottou, Orr & Müller (1998), Efficient BackProp, section 4.4.

    Differs:
        nothing
    """
    checks.same_kind("scaled_tanh", input=input)
    return AMPLITUDE * tanh(SLOPE * input)  # (3)


# --8<-- [start:maps]
class FeatureMaps(nn.Module):
    r"""A layer of maps: units that share their weights, not their biases.

    $$ a_{m,p,q} = b_{m,p,q} + \sum_{c \in T_m} \sum_{i,j}
    w_{m,c,i,j}\; \tilde x_{c,\,sp+i,\,sq+j} \tag{2} $$

    where $\tilde x$ is the input with a frame of background around it.

    Args:
        config: Kernel, stride, background, and whose the biases are.
        channels: Maps of the input.
        side: Height and width of the input.
        table: $T$: for each map of this layer the maps that it reads, as many
            for all.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if a size is out of range, A03 if a table reads a map
            that is not there, one twice, or not as many for all.
        TypeError: A02 if a size is not a whole number.

    Examples:
        >>> layer = FeatureMaps(ZIP_CODE, channels=12, side=8, table=BLOCKS)
        >>> layer(torch.zeros(2, 12, 8, 8)).shape
        torch.Size([2, 12, 4, 4])

    Source:
        LeCun et al. (1989), section 3.

    Differs:
        The missing connections are zeros of a full kernel, not left out.
    """

    table: Int[Tensor, "output reads"]

    def __init__(
        self,
        config: ZipCodeConfig,
        channels: int,
        side: int,
        table: tuple[tuple[int, ...], ...],
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        check_table(table, channels)
        self.config = config
        self.channels = channels
        self.side = half(side, config.stride)
        kind = {"device": device, "dtype": dtype}
        size = config.kernel_size
        shape = (len(table), len(table[0]), size, size)
        own = self.side if config.own_bias else 1
        self.weight = nn.Parameter(torch.empty(shape, **kind))
        self.bias = nn.Parameter(torch.empty(len(table), own, own, **kind))
        places = torch.tensor(table, device=device)
        self.register_buffer("table", places, persistent=False)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weights by the number of inputs; biases begin at 0."""
        _fill(self.weight, self.config.init)
        nn.init.zeros_(self.bias)

    def kernel(self) -> Float[Tensor, "output channel height width"]:
        """Return the kernels with zeros where nothing is connected."""
        maps, _, *size = self.weight.shape
        empty = self.weight.new_zeros(maps, self.channels, *size)
        rows = torch.arange(maps, device=self.table.device)[:, None]
        return empty.index_put((rows, self.table), self.weight)

    def forward(
        self, x: Float[Tensor, "*batch channel side side"]
    ) -> Float[Tensor, "*batch output half half"]:
        """Return the weighted sums $a$ of the units.

        Args:
            x: The maps of the layer below.

        Returns:
            The sums, before the squashing.
        """
        before = self.config.kernel_size // 2
        frame = (before, self.config.kernel_size - 1 - before) * 2
        x = torch.constant_pad_nd(x, frame, self.config.background)
        sums = conv2d(x, self.kernel(), stride=self.config.stride)
        return sums + self.bias  # (2)


# --8<-- [end:maps]


# --8<-- [start:network]
class ZipCodeNetwork(nn.Module):
    r"""Image to maps, maps to maps, maps to hidden units, these to classes.

    Four times a weighted sum and $f$ of `scaled_tanh`.

    Args:
        config: The sizes.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if a size or a word is out of range, A03 if the table
            does not fit the maps.
        TypeError: A02 if a size is not a whole number.

    Examples:
        >>> network = ZipCodeNetwork(ZIP_CODE)
        >>> network(torch.zeros(2, 1, 16, 16)).shape
        torch.Size([2, 10])

    Source:
        LeCun et al. (1989), section 3 and figure 3.

    Differs:
        The table of connections is ours; see `ZipCodeConfig`.
    """

    def __init__(
        self, config: ZipCodeConfig, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        check(config)
        self.config = config
        kind = {"device": device, "dtype": dtype}
        every = ((0,),) * config.maps
        self.h1 = FeatureMaps(config, 1, config.side, every, **kind)
        self.h2 = FeatureMaps(
            config, config.maps, self.h1.side, config.table, **kind
        )
        units = len(config.table) * self.h2.side**2
        self.h3 = Linear(units, config.hidden_size, **kind)
        self.output = Linear(config.hidden_size, config.num_classes, **kind)
        for layer in (self.h3, self.output):
            _fill(layer.weight, config.init)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)

    def forward(
        self, images: Float[Tensor, "batch 1 side side"]
    ) -> Float[Tensor, "batch classes"]:
        """Read images.

        Args:
            images: Values from -1, the background, to 1, ink.

        Returns:
            One number for each class, near 1 for the right one and near -1
            for the others.

        Raises:
            ValueError: S14 if the images have another size.
        """
        checks.tensor("ZipCodeNetwork", "images", images)
        side = self.config.side
        checks.shape(
            "ZipCodeNetwork", "images", images, len(images), 1, side, side
        )
        x = scaled_tanh(self.h1(images))
        x = scaled_tanh(self.h2(x))
        x = scaled_tanh(self.h3(x.flatten(1)))
        return scaled_tanh(self.output(x))


# --8<-- [end:network]


def squared_error(
    outputs: Float[Tensor, "batch classes"], labels: Int[Tensor, " batch"]
) -> Float[Tensor, ""]:
    r"""Compare with 1 for the right class and -1 for the others.

    $$ E = \frac{1}{BK} \sum_{n=1}^{B} \sum_{k=1}^{K} (y_{n,k} - t_{n,k})^2
    \tag{4} $$

    Args:
        outputs: What the network says, $y$.
        labels: The right classes.

    Returns:
        The mean squared error.

    Raises:
        ValueError: S14 if there are not as many labels as outputs.
        IndexError: S09 if a label is no class.
        TypeError: S01 if labels are not whole numbers, A02 for no tensor.

    Examples:
        >>> squared_error(torch.tensor([[1.0, -1.0]]), torch.tensor([1]))
        tensor(4.)

    Source:
        LeCun et al. (1989), section 3: mean squared error.

    Differs:
        The paper does not say what the mean goes over, nor the targets.
    """
    checks.same_kind("squared_error", outputs=outputs)
    checks.matrix("squared_error", "outputs", outputs)
    checks.shape("squared_error", "labels", labels, len(outputs))
    checks.indices("squared_error", "labels", labels, outputs.shape[1])
    targets = torch.full_like(outputs, -1)
    targets.scatter_(1, labels.long()[:, None], 1)
    return (outputs - targets).square().mean()  # (4)


def _fill(weight: Float[Tensor, "output input *window"], init: str) -> None:
    """Draw weights by the number of inputs of a unit."""
    inputs = weight[0].numel()
    bound = BOUND / (inputs if init == "fan_in" else inputs**0.5)
    nn.init.uniform_(weight, -bound, bound)
