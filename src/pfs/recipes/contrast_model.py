r"""One encoder, five methods.

Note: notes/simclr
"""

import math
from typing import Any, Final

import torch
from torch import nn

from pfs.contrastive.inst_disc import InstDisc, InstDiscConfig
from pfs.contrastive.inva_spread import InvaSpread, InvaSpreadConfig
from pfs.contrastive.moco import MoCo, MoCoConfig
from pfs.contrastive.moco_v2 import MoCoV2, MoCoV2Config
from pfs.contrastive.simclr import SimCLR, SimCLRConfig
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.recipes.contrast_config import METHODS, ContrastConfig
from pfs.shapes import Float, Tensor
from pfs.vision.resnet import ResNet, ResNetConfig

Shape = tuple[int, int, int]
"""Channels, height and width of a picture."""


class Encoder(ResNet):
    """A residual network that ends with its features.

    Every stage has half the side and twice the width of the one before; the
    last has maps of 2x2 places.

    Args:
        config: The settings; `features`, `blocks`, `backend`, `batch_size`
            and `split` are read.
        shape: Channels, height and width of a picture.

    Raises:
        ValueError: A01 if a size is not above 0, A03 if `split` does not
            divide the batch.

    Examples:
        >>> from pfs.recipes.contrast_config import CONTRAST
        >>> encoder = Encoder(CONTRAST, (1, 8, 8))
        >>> encoder.config.widths, encoder(torch.zeros(3, 1, 8, 8)).shape
        ((32, 64, 128), torch.Size([3, 128]))

    Source:
        He et al. (2016), section 4.2.

    Differs:
        Narrower, with one block a stage and no classes.
    """

    def __init__(self, config: ContrastConfig, shape: Shape) -> None:
        checks.positive(
            "ContrastConfig",
            features=config.features,
            blocks=config.blocks,
            split=config.split,
        )
        if config.batch_size % config.split:
            raise PfsValueError(
                "A03",
                where="ContrastConfig, split and batch_size",
                expected=f"a multiple of {config.split} images",
                got=str(config.batch_size),
                todo="choose a split that divides the batch",
            )
        channels, height, width = shape
        stages = max(1, round(math.log2(min(height, width))))
        widths = [config.features >> k for k in range(stages)]
        super().__init__(
            ResNetConfig(
                block="basic",
                depths=(config.blocks,) * stages,
                widths=tuple(max(1, w) for w in reversed(widths)),
                channels=channels,
                stem="cifar",
                shortcut="A",
            )
        )
        del self.fc  # nothing here has classes
        # torch's kernels for convolutions are faster with channels last.
        self.last = config.backend == "fused"
        self.batch_size, self.split = config.batch_size, config.split

    def forward(
        self, x: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch feature"]:
        """Return the features of pictures.

        Args:
            x: The pictures.

        Returns:
            One vector for each. While it trains, a batch is cut into `split`
            parts, each with statistics of its own, as if it were in a process
            of its own; of two views in one batch a part gets both.
        """
        if self.last:
            x = x.contiguous(memory_format=torch.channels_last)
        views, rest = divmod(len(x), self.batch_size)
        if not self.training or self.split == 1 or rest:
            return self.features(x)  # MoCo cuts its batches itself
        parts = x.unflatten(0, (views, self.split, -1)).unbind(1)
        y = [self.features(part.flatten(0, 1)) for part in parts]
        return torch.stack(
            [part.unflatten(0, (views, -1)) for part in y], 1
        ).flatten(0, 2)


KINDS: Final[dict[str, tuple[Any, Any]]] = {
    "inst-disc": (InstDisc, InstDiscConfig),
    "inva-spread": (InvaSpread, InvaSpreadConfig),
    "moco": (MoCo, MoCoConfig),
    "simclr": (SimCLR, SimCLRConfig),
    "moco-v2": (MoCoV2, MoCoV2Config),
}
"""The methods and their configs; all have the same face."""


def build(config: ContrastConfig, shape: Shape, images: int) -> nn.Module:
    """Make a method with a new encoder.

    Args:
        config: The settings.
        shape: Channels, height and width of a picture.
        images: How many pictures there are to train on.

    Returns:
        The method: `embed` maps pictures to unit vectors, `forward` maps two
        views of pictures and their numbers to a loss.

    Raises:
        ValueError: A01 if a word or a number is out of range.

    Examples:
        >>> from pfs.recipes.contrast_config import CONTRAST
        >>> method = build(CONTRAST, (1, 8, 8), images=1500)
        >>> method.embed(torch.zeros(2, 1, 8, 8)).shape
        torch.Size([2, 64])

    Source:
        This project.

    Differs:
        nothing
    """
    checks.one_of("ContrastConfig", "method", config.method, METHODS)
    own: dict[str, Any] = {
        "feature_size": config.features,
        "embedding_size": config.vector_size,
    }
    if config.tau:
        own["temperature"] = config.tau
    if config.method == "inst-disc":
        own |= {"num_images": images, "negatives": config.noise or None}
    if config.method in ("moco", "moco-v2"):
        own |= {
            "queue_size": config.negatives,
            "momentum": config.key_momentum,
            "split": config.split,
        }
    method, form = KINDS[config.method]
    made: nn.Module = method(Encoder(config, shape), form(**own))
    return made


def uninformed(config: ContrastConfig, images: int) -> float:
    r"""Return the loss of a method that knows nothing: all cosines are equal.

    Args:
        config: The settings.
        images: How many pictures there are to train on.

    Returns:
        In nats: $\ln(K + 1)$ with $K$ negatives where one picture is picked
        out of many; with the binary decisions of NCE and of InvaSpread about
        1 more.

    Examples:
        >>> from dataclasses import replace
        >>> from pfs.recipes.contrast_config import CONTRAST
        >>> moco = replace(CONTRAST, method="moco", negatives=65536)
        >>> round(uninformed(moco, images=1500), 4)
        11.0904

    Source:
        This project.

    Differs:
        nothing
    """
    n, k, noise = config.batch_size, config.negatives, config.noise
    match config.method:
        case "moco" | "moco-v2":
            return math.log(k + 1)
        case "simclr":
            return math.log(2 * n - 1)
        case "inst-disc" if not noise:
            return math.log(images)
        case "inst-disc":
            return math.log(noise + 1) + noise * math.log(1 + 1 / noise)
    return math.log(n) + (n - 1) * math.log(n / max(1, n - 1))
