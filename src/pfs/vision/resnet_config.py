"""The forms of a residual network.

Note: notes/resnet
"""

from dataclasses import dataclass, replace
from typing import Final

from pfs.errors import PfsValueError
from pfs.nn import checks

BLOCKS: Final = {"basic": 1, "bottleneck": 4}
"""The blocks, and how many times its width a block gives out."""
LAYERS: Final = {"basic": 2, "bottleneck": 3}
"""How many convolutions a block has."""
STEMS: Final = ("imagenet", "cifar")
SHORTCUTS: Final = ("A", "B", "C", "none")
STRIDES: Final = ("1x1", "3x3")


@dataclass(frozen=True, kw_only=True)
class ResNetConfig:
    """What decides the form of a residual network.

    Args:
        block: `"basic"`, two 3x3 convolutions, or `"bottleneck"`, a 1x1, a 3x3
            and a 1x1.
        depths: Number of blocks of each stage.
        widths: Width of each stage; a bottleneck gives out four times as many
            channels.
        classes: Number of classes.
        channels: Number of channels of an image.
        stem: `"imagenet"`, a 7x7 convolution of stride 2 and a max-pool, or
            `"cifar"`, a 3x3 convolution.
        shortcut: Option `"A"`, zeros for new channels; `"B"`, a projection
            where the shape changes; `"C"`, a projection everywhere; `"none"`,
            no shortcut at all: a plain network.
        stride_in: Which convolution of a bottleneck has the stride, the first
            `"1x1"` as in the paper, or the `"3x3"`, called v1.5.
        zero_init_residual: Whether the last gain of a block starts at 0, so
            that every block starts as its shortcut.

    Raises:
        ValueError: A01 if a size or a word is out of range, A03 if there are
            not as many widths as depths.
        TypeError: A02 if a size is not a whole number.

    Examples:
        >>> RESNET_50.depth, RESNET_50.feature_size
        (50, 2048)

    Source:
        He et al. (2016), Table 1 and sections 3.3, 4.1 and 4.2.

    Differs:
        `stride_in="3x3"` and `zero_init_residual` are not in the paper.
        Without `stride_in` the stride is where torchvision has it.
    """

    block: str
    depths: tuple[int, ...]
    widths: tuple[int, ...] = (64, 128, 256, 512)
    classes: int = 1000
    channels: int = 3
    stem: str = "imagenet"
    shortcut: str = "B"
    stride_in: str = "3x3"
    zero_init_residual: bool = False

    def __post_init__(self) -> None:
        """Refuse forms that there are none of."""
        where = "ResNetConfig"
        checks.one_of(where, "block", self.block, tuple(BLOCKS))
        checks.one_of(where, "stem", self.stem, STEMS)
        checks.one_of(where, "shortcut", self.shortcut, SHORTCUTS)
        checks.one_of(where, "stride_in", self.stride_in, STRIDES)
        checks.positive(where, classes=self.classes, channels=self.channels)
        checks.positive(where, stages=len(self.depths))
        for depth in self.depths:
            checks.positive(where, depths=depth)
        for width in self.widths:
            checks.positive(where, widths=width)
        if len(self.depths) != len(self.widths):
            raise PfsValueError(
                "A03",
                where=f"{where}, depths and widths",
                expected="one width for each stage",
                got=f"{len(self.depths)} depths and {len(self.widths)} widths",
                todo="pass tuples of the same length",
            )

    @property
    def expansion(self) -> int:
        """How many times its width a block gives out."""
        return BLOCKS[self.block]

    @property
    def feature_size(self) -> int:
        """Number of features of an image, before the classes."""
        return self.widths[-1] * self.expansion

    @property
    def depth(self) -> int:
        """Number of layers with weights, counted as the paper does.

        The stem, the convolutions of the blocks and the classes; projections
        are not counted.
        """
        return 2 + LAYERS[self.block] * sum(self.depths)


RESNET_18: Final = ResNetConfig(block="basic", depths=(2, 2, 2, 2))
"""18 layers: 11,689,512 parameters."""
RESNET_34: Final = ResNetConfig(block="basic", depths=(3, 4, 6, 3))
"""34 layers: 21,797,672 parameters."""
RESNET_50: Final = ResNetConfig(block="bottleneck", depths=(3, 4, 6, 3))
"""50 layers: 25,557,032 parameters; v1.5."""
RESNET_101: Final = ResNetConfig(block="bottleneck", depths=(3, 4, 23, 3))
"""101 layers: 44,549,160 parameters; v1.5."""
RESNET_152: Final = ResNetConfig(block="bottleneck", depths=(3, 8, 36, 3))
"""152 layers: 60,192,808 parameters; v1.5."""
RESNET_50_V1: Final = replace(RESNET_50, stride_in="1x1")
"""50 layers as in the paper: the stride is in the first 1x1 convolution."""
RESNET_101_V1: Final = replace(RESNET_101, stride_in="1x1")
"""101 layers as in the paper."""
RESNET_152_V1: Final = replace(RESNET_152, stride_in="1x1")
"""152 layers as in the paper."""
RESNET_18_CIFAR: Final = replace(RESNET_18, stem="cifar", classes=10)
"""18 layers for small images: 11,173,962 parameters. Not in the paper; common
in contrastive learning."""
TINY: Final = ResNetConfig(
    block="basic", depths=(1, 1), widths=(4, 8), classes=3, stem="cifar"
)
"""A network for examples."""


def cifar(
    depth: int, *, classes: int = 10, channels: int = 3, shortcut: str = "A"
) -> ResNetConfig:
    r"""Return the paper's form for small images.

    A 3x3 stem, then three stages of $n$ basic blocks with 16, 32 and 64
    channels, at the full, half and quarter size: $6n + 2$ layers.

    Args:
        depth: Number of layers, $6n + 2$: 20, 32, 44, 56, 110, 1202.
        classes: Number of classes.
        channels: Number of channels of an image.
        shortcut: See `ResNetConfig`.

    Returns:
        The configuration.

    Raises:
        ValueError: A01 if `depth` is not $6n + 2$ with $n$ at least 1.

    Examples:
        >>> cifar(56).depths, cifar(56).depth
        ((9, 9, 9), 56)

    Source:
        He et al. (2016), section 4.2.

    Differs:
        nothing
    """
    checks.whole("cifar", "depth", depth)
    n, left = divmod(depth - 2, 6)
    if n < 1 or left:
        raise PfsValueError(
            "A01",
            where="cifar, depth",
            expected="6n + 2 layers: 8, 14, 20, 32, 44, 56, 110 ...",
            got=str(depth),
            todo=f"pass depth={6 * max(n, 1) + 2}",
        )
    return ResNetConfig(
        block="basic",
        depths=(n, n, n),
        widths=(16, 32, 64),
        classes=classes,
        channels=channels,
        stem="cifar",
        shortcut=shortcut,
    )
