"""Random cuts, mirror images and blurs of pictures.

The draws come from `generator`, on its device: the same seed gives the same
pictures everywhere.
"""

import math

import torch

from pfs.data import augment_space
from pfs.data.augment_color import pictures
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.shapes import Bool, Float, Int, Tensor

TRIES = 10


def random_crop(
    images: Float[Tensor, "batch channel height width"],
    padding: int,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "batch channel height width"]:
    """Shift pictures by up to `padding` pixels; black comes in.

    Args:
        images: The pictures.
        padding: The farthest shift in each direction.
        generator: Where the randomness comes from.

    Returns:
        The pictures, shifted.

    Raises:
        ValueError: S14 if `images` has not four axes, A01 if `padding` is
            below 0.
        TypeError: S01 if the dtype is not floating, A02 if an argument has
            the wrong type.

    Examples:
        >>> random_crop(torch.ones(2, 3, 8, 8), 1).shape
        torch.Size([2, 3, 8, 8])

    Source:
        torchvision, `RandomCrop(size, padding)`.

    Differs:
        Every picture of the batch has a shift of its own.
    """
    pictures("random_crop", images)
    checks.whole("random_crop", "padding", padding)
    share = draw((len(images), 2), generator)
    offset = (share * (2 * max(padding, 0) + 1)).long()
    return augment_space.crop(images, padding, offset)


def random_resized_crop(
    images: Float[Tensor, "batch channel height width"],
    scale: tuple[float, float] = (0.08, 1.0),
    ratio: tuple[float, float] = (3 / 4, 4 / 3),
    generator: torch.Generator | None = None,
) -> Float[Tensor, "batch channel height width"]:
    r"""Cut a random box out of each picture and enlarge it to the old size.

    The share of the area is uniform in `scale`, the logarithm of width over
    height uniform in `ratio`'s. A box that does not fit is drawn again, up to
    ten times; then the largest box in the middle is taken.

    Args:
        images: The pictures.
        scale: The smallest and the largest share of the area.
        ratio: The smallest and the largest width over height.
        generator: Where the randomness comes from.

    Returns:
        The boxes, bilinear, in the size of the pictures.

    Raises:
        ValueError: S14 if `images` has not four axes, A01 if a range is empty
            or outside what makes sense.
        TypeError: S01 if the dtype is not floating, A02 for no tensor.

    Examples:
        >>> random_resized_crop(torch.ones(2, 3, 8, 8), (0.2, 1.0)).shape
        torch.Size([2, 3, 8, 8])

    Source:
        Szegedy et al. (2015), section 6; torchvision, `RandomResizedCrop`.

    Differs:
        Every picture of the batch has a box of its own.
    """
    pictures("random_resized_crop", images)
    span("random_resized_crop, scale", scale, most=1.0)
    span("random_resized_crop, ratio", ratio)
    boxes = _boxes(images.shape, scale, ratio, generator)
    return augment_space.resized_crop(images, boxes)


def flip(
    images: Float[Tensor, "batch channel height width"],
    p: float = 0.5,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "batch channel height width"]:
    """Mirror pictures: left becomes right.

    Args:
        images: The pictures.
        p: How probable it is for each picture.
        generator: Where the randomness comes from.

    Returns:
        The pictures.

    Raises:
        ValueError: S14 if `images` has not four axes, A01 if `p` is no
            probability.
        TypeError: S01 if the dtype is not floating, A02 if an argument has
            the wrong type.

    Examples:
        >>> flip(torch.tensor([0.0, 1.0]).view(1, 1, 1, 2), p=1.0).flatten()
        tensor([1., 0.])

    Source:
        torchvision, `RandomHorizontalFlip`.

    Differs:
        Every picture of the batch has a draw of its own.
    """
    pictures("flip", images)
    mask = chosen("flip", images, p, generator)
    return torch.where(mask.view(-1, 1, 1, 1), images.flip(-1), images)


def blur(
    images: Float[Tensor, "batch channel height width"],
    sigma: tuple[float, float] = (0.1, 2.0),
    p: float = 0.5,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "batch channel height width"]:
    r"""Blur pictures with a Gaussian about a tenth of the picture wide.

    Args:
        images: The pictures.
        sigma: The smallest and the largest $\sigma$, in pixels.
        p: How probable it is for each picture.
        generator: Where the randomness comes from.

    Returns:
        The pictures.

    Raises:
        ValueError: S14 if `images` has not four axes, A01 if `p` is no
            probability or `sigma` no range above 0.
        TypeError: S01 if the dtype is not floating, A02 if an argument has
            the wrong type.

    Examples:
        >>> flat = torch.full((1, 1, 8, 8), 0.5)
        >>> bool((blur(flat, p=1.0) - flat).abs().max() < 1e-6)
        True

    Source:
        Chen et al. (2020), SimCLR, appendix A; radius as in its code: the
        height divided by 20, here at least 1.

    Differs:
        Beyond the edge lies the mirror image; in SimCLR's code black.
    """
    pictures("blur", images)
    span("blur, sigma", sigma)
    mask = chosen("blur", images, p, generator)
    share = draw((len(images),), generator).to(images.device)
    mine = mask.nonzero()[:, 0]
    if not len(mine):
        return images
    width = sigma[0] + (sigma[1] - sigma[0]) * share[mine]
    radius = max(1, images.shape[2] // 20)
    images = images.clone()
    images[mine] = augment_space.gaussian_blur(images[mine], width, radius)
    return images


def draw(
    shape: tuple[int, ...], generator: torch.Generator | None
) -> Float[Tensor, "*shape"]:
    """Draw where the generator lives, so that devices agree."""
    device = generator.device if generator else "cpu"
    return torch.rand(shape, generator=generator, device=device)


def chosen(
    where: str,
    images: Float[Tensor, "batch channel height width"],
    p: float,
    generator: torch.Generator | None,
) -> Bool[Tensor, " batch"]:
    """Draw which pictures are changed."""
    checks.probability(where, "p", p)
    return (draw((len(images),), generator) < p).to(images.device)


def _boxes(
    shape: torch.Size,
    scale: tuple[float, float],
    ratio: tuple[float, float],
    generator: torch.Generator | None,
) -> Int[Tensor, "batch 4"]:
    """Draw ten boxes for each picture and take the first that fits."""
    batch, _, height, width = shape
    share = draw((4, batch, TRIES), generator).cpu().double()
    area = height * width * (scale[0] + (scale[1] - scale[0]) * share[0])
    low, high = (math.log(r) for r in ratio)
    form = torch.exp(low + (high - low) * share[1])
    wide = (area * form).sqrt().round().long()
    tall = (area / form).sqrt().round().long()
    fits = (wide > 0) & (wide <= width) & (tall > 0) & (tall <= height)
    first = fits.int().argmax(1, keepdim=True)  # of equal ones, the first
    w, h = wide.gather(1, first)[:, 0], tall.gather(1, first)[:, 0]
    top, left = (share[i].gather(1, first)[:, 0] for i in (2, 3))
    none = ~fits.any(1)
    w = torch.where(none, min(width, round(height * ratio[1])), w)
    h = torch.where(none, min(height, round(width / ratio[0])), h)
    y = (top * (height - h + 1)).long()
    x = (left * (width - w + 1)).long()
    y = torch.where(none, (height - h) // 2, y)
    x = torch.where(none, (width - w) // 2, x)
    return torch.stack([y, x, h, w], 1)


def span(where: str, pair: tuple[float, float], most: float = math.inf) -> None:
    """Refuse what is not a range above 0 (A01)."""
    if len(pair) != 2 or not 0 < pair[0] <= pair[1] <= most:
        top = "" if most == math.inf else f" <= {most:g}"
        raise PfsValueError(
            "A01",
            where=where,
            expected=f"(low, high) with 0 < low <= high{top}",
            got=repr(pair),
            todo="pass the smallest and the largest value",
        )
