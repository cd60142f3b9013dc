"""Random colours: brightness, contrast, saturation, hue, or none at all."""

import math

import torch

from pfs.data import augment_color
from pfs.data.augment_color import pictures
from pfs.data.augment_draws import chosen, draw
from pfs.errors import PfsValueError
from pfs.shapes import Float, Tensor

NAMES = ("brightness", "contrast", "saturation", "hue")
TURN = 0.5  # half the circle of colours, in both directions


def color_jitter(
    images: Float[Tensor, "batch channel height width"],
    brightness: float = 0.0,
    contrast: float = 0.0,
    saturation: float = 0.0,
    hue: float = 0.0,
    p: float = 1.0,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "batch channel height width"]:
    r"""Change brightness, contrast, saturation and hue in random order.

    A strength $b$ draws a factor uniformly in $[\max(0, 1 - b), 1 + b]$; that
    of the hue a shift in $[-b, b]$. Strength 0 leaves this property alone.
    Each picture has factors of its own and an order of its own.

    Args:
        images: Pictures with 3 channels, or with 1, of which saturation and
            hue say nothing.
        brightness: The strength of `augment_color.brightness`.
        contrast: The strength of `augment_color.contrast`.
        saturation: The strength of `augment_color.saturation`.
        hue: The strength of `augment_color.hue`, at most 0.5.
        p: How probable it is that a picture is changed at all.
        generator: Where the randomness comes from.

    Returns:
        The pictures.

    Raises:
        ValueError: S14 if there are other than 1 or 3 channels, A01 if a
            strength is below 0 or `p` no probability.
        TypeError: S01 if the dtype is not floating, A02 if an argument has
            the wrong type.

    Examples:
        >>> x = torch.rand(2, 3, 4, 4)
        >>> bool((color_jitter(x, 0.4, 0.4, 0.4, 0.1) == x).all())
        False

    Source:
        torchvision, `ColorJitter`.

    Differs:
        torchvision draws one order and one set of factors for a whole batch.
    """
    pictures("color_jitter", images, colours=True)
    strengths = (brightness, contrast, saturation, hue)
    in_range("color_jitter", strengths)
    mask = chosen("color_jitter", images, p, generator)
    share = draw((4, len(images)), generator).to(images.device)
    order = draw((len(images), 4), generator).argsort(1).to(images.device)
    images = images.clone()
    for place in range(4):
        for name, strength in enumerate(strengths):
            mine = ((order[:, place] == name) & mask).nonzero()[:, 0]
            if strength and len(mine):
                low = -hue if name == 3 else max(0.0, 1 - strength)
                high = hue if name == 3 else 1 + strength
                factor = low + (high - low) * share[name, mine]
                change = getattr(augment_color, NAMES[name])
                images[mine] = change(images[mine], factor)
    return images


def grey(
    images: Float[Tensor, "batch channel height width"],
    p: float = 0.2,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "batch channel height width"]:
    """Take the colours away; the number of channels stays.

    Args:
        images: Pictures with 3 channels, or with 1, which stay as they are.
        p: How probable it is for each picture.
        generator: Where the randomness comes from.

    Returns:
        The pictures.

    Raises:
        ValueError: S14 if there are other than 1 or 3 channels, A01 if `p` is
            no probability.
        TypeError: S01 if the dtype is not floating, A02 if an argument has
            the wrong type.

    Examples:
        >>> red = torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1)
        >>> grey(red, p=1.0).flatten()
        tensor([0.2990, 0.2990, 0.2990])

    Source:
        torchvision, `RandomGrayscale`.

    Differs:
        Every picture of the batch has a draw of its own.
    """
    pictures("grey", images, colours=True)
    mask = chosen("grey", images, p, generator).view(-1, 1, 1, 1)
    return torch.where(mask, augment_color.to_grey(images), images)


def in_range(where: str, strengths: tuple[float, ...]) -> None:
    """Refuse a strength below 0, and a hue beyond half a turn (A01)."""
    for name, value in zip(NAMES, strengths, strict=True):
        most = TURN if name == "hue" else math.inf
        if not 0 <= value <= most:
            raise PfsValueError(
                "A01",
                where=f"{where}, {name}",
                expected=f"a number from 0 to {most:g}",
                got=repr(value),
                todo=f"{name}=0.0 leaves it as it is",
            )
