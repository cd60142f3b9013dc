"""Draw another view of a picture: cut, mirrored, in other colours, blurred.

Pictures are floating tensors [batch, channel, height, width], values 0 to 1.
Every picture of a batch gets a draw of its own, and the draws come from
`generator`, on its device: the same seed gives the same pictures everywhere.
"""

from dataclasses import dataclass
from typing import Final

import torch

from pfs.data.augment_color import pictures
from pfs.data.augment_draws import (
    blur,
    flip,
    random_crop,
    random_resized_crop,
    span,
)
from pfs.data.augment_jitter import color_jitter, grey, in_range
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.shapes import Float, Tensor

__all__ = [
    "DIGITS",
    "FASHION",
    "INST_DISC",
    "MOCO_V2",
    "SIMCLR",
    "SIMCLR_CIFAR",
    "Views",
    "ViewsConfig",
    "blur",
    "color_jitter",
    "flip",
    "grey",
    "random_crop",
    "random_resized_crop",
]


@dataclass(frozen=True, kw_only=True)
class ViewsConfig:
    r"""What may happen to a picture before the encoder sees it.

    Raises:
        ValueError: A01 if a range or a probability makes no sense.
        TypeError: A02 if a probability is not a number.

    Examples:
        >>> ViewsConfig(scale=(0.5, 1.0)).flip
        0.5

    Source:
        This project; the presets name theirs.

    Differs:
        nothing
    """

    scale: tuple[float, float] = (0.2, 1.0)
    """The smallest and largest share of the area that is cut out."""
    ratio: tuple[float, float] = (3 / 4, 4 / 3)
    """The smallest and largest width over height of that box."""
    padding: int = 0
    """The farthest shift in pixels, after the box."""
    flip: float = 0.5
    """How probable the mirror image is."""
    brightness: float = 0.4
    """The strength of `color_jitter`'s brightness."""
    contrast: float = 0.4
    """The strength of its contrast."""
    saturation: float = 0.4
    """The strength of its saturation."""
    hue: float = 0.4
    """The strength of its hue, at most 0.5."""
    jitter: float = 1.0
    """How probable the jitter is."""
    grey: float = 0.2
    """How probable it is that the colours are taken away."""
    blur: float = 0.0
    """How probable the blur is."""
    sigma: tuple[float, float] = (0.1, 2.0)
    r"""The smallest and largest $\sigma$ of the blur, in pixels."""
    grey_first: bool = False
    """Whether grey comes before the jitter, which then meets no colours."""

    def __post_init__(self) -> None:
        """Refuse what no picture can be given to."""
        where = "ViewsConfig"
        span(f"{where}, scale", self.scale, most=1.0)
        span(f"{where}, ratio", self.ratio)
        span(f"{where}, sigma", self.sigma)
        in_range(where, self.strengths)
        for name in ("flip", "jitter", "grey", "blur"):
            checks.probability(where, name, getattr(self, name))

    @property
    def strengths(self) -> tuple[float, float, float, float]:
        """The strengths of the jitter, in `color_jitter`'s order."""
        return self.brightness, self.contrast, self.saturation, self.hue


INST_DISC: Final = ViewsConfig(grey_first=True)
"""InstDisc's code; MoCo v1 (section 3.3) and InvaSpread use the same."""
SIMCLR: Final = ViewsConfig(
    scale=(0.08, 1.0),
    brightness=0.8,
    contrast=0.8,
    saturation=0.8,
    hue=0.2,
    jitter=0.8,
    blur=0.5,
)
"""SimCLR for ImageNet (appendix A), strength 1."""
SIMCLR_CIFAR: Final = ViewsConfig(
    scale=(0.08, 1.0),
    brightness=0.4,
    contrast=0.4,
    saturation=0.4,
    hue=0.1,
    jitter=0.8,
)
"""SimCLR for CIFAR-10 (appendix B.9): strength 0.5 and no blur."""
MOCO_V2: Final = ViewsConfig(hue=0.1, jitter=0.8, blur=0.5)
"""MoCo v2's code: MoCo's cuts, a weaker SimCLR jitter, and the blur."""
DIGITS: Final = ViewsConfig(
    scale=(0.5, 1.0), padding=1, flip=0.0, jitter=0.8, grey=0.0
)
"""For digits (this project): a mirrored 2 is no digit."""
FASHION: Final = ViewsConfig(
    scale=(0.3, 1.0), jitter=0.8, grey=0.0, blur=0.5, sigma=(0.1, 1.0)
)
"""For grey pictures of clothes (this project)."""


class Views:
    """Draw two views of every picture: the same thing, seen differently.

    Args:
        config: What may happen to a picture.

    Examples:
        >>> views = Views(SIMCLR_CIFAR)
        >>> images = torch.rand(4, 3, 8, 8)
        >>> first, second = views(images, torch.Generator().manual_seed(0))
        >>> first.shape == second.shape == images.shape
        True

    Source:
        Chen et al. (2020), SimCLR, appendix A, and the presets' papers.

    Differs:
        The mirror image comes before the colours; it changes nothing there.
    """

    def __init__(self, config: ViewsConfig) -> None:
        self.config = config

    def __call__(
        self,
        images: Float[Tensor, "batch channel height width"],
        generator: torch.Generator | None = None,
    ) -> tuple[
        Float[Tensor, "batch channel height width"],
        Float[Tensor, "batch channel height width"],
    ]:
        """Return two views of each picture, drawn one after the other."""
        return self.view(images, generator), self.view(images, generator)

    def view(
        self,
        images: Float[Tensor, "batch channel height width"],
        generator: torch.Generator | None = None,
    ) -> Float[Tensor, "batch channel height width"]:
        """Return one view of each picture (A01 if values leave 0 to 1)."""
        c = self.config
        pictures("Views", images, colours=True)
        _zero_to_one(images)
        images = random_resized_crop(images, c.scale, c.ratio, generator)
        if c.padding:
            images = random_crop(images, c.padding, generator)
        images = flip(images, c.flip, generator)
        if c.grey_first:
            images = grey(images, c.grey, generator)
        images = color_jitter(images, *c.strengths, c.jitter, generator)
        if not c.grey_first:
            images = grey(images, c.grey, generator)
        return blur(images, c.sigma, c.blur, generator)


def _zero_to_one(images: Float[Tensor, "batch channel height width"]) -> None:
    """Refuse values outside 0 to 1, as of bytes or normalized pictures."""
    low, high = images.aminmax() if images.numel() else (0, 1)
    if low < 0 or high > 1:
        raise PfsValueError(
            "A01",
            where="Views, images",
            expected="values from 0 to 1",
            got=f"{float(low):g} to {float(high):g}",
            todo="divide bytes by 255; normalize after the views, not before",
        )
