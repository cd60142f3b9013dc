r"""Change the colours of pictures by given factors, one for each picture."""

import torch

from pfs.errors import PfsTypeError, PfsValueError
from pfs.nn import checks
from pfs.shapes import Float, Tensor

WEIGHTS = (0.299, 0.587, 0.114)


def pictures(where: str, images: Tensor, colours: bool = False) -> None:
    """Refuse what is not a batch of pictures (A02, S01, S14)."""
    checks.tensor(where, "images", images)
    if not images.is_floating_point():
        raise PfsTypeError(
            "S01",
            where=f"{where}, images",
            expected="a floating dtype, values 0 to 1",
            got=str(images.dtype),
            todo="convert them: images.float() / 255",
        )
    if images.ndim != 4 or (colours and images.shape[1] not in (1, 3)):
        channels = "1 or 3 channels" if colours else "channel"
        raise PfsValueError(
            "S14",
            where=f"{where}, images",
            expected=f"[batch, {channels}, height, width]",
            got=f"shape {tuple(images.shape)}",
            todo="channels come before height and width; one picture is a "
            "batch of one: images[None]",
        )


def to_grey(
    images: Float[Tensor, "batch channel height width"],
) -> Float[Tensor, "batch 1 height width"]:
    r"""Return how bright each place is.

    $$ y = 0.299\,R + 0.587\,G + 0.114\,B \tag{1} $$

    Args:
        images: Pictures with 3 channels, or with 1, which are grey already.

    Returns:
        One channel: the eye sees green best and blue worst.

    Raises:
        ValueError: S14 if there are other than 1 or 3 channels.
        TypeError: S01 if the dtype is not floating, A02 for no tensor.

    Examples:
        >>> to_grey(torch.eye(3).view(3, 3, 1, 1)).flatten()
        tensor([0.2990, 0.5870, 0.1140])

    Source:
        ITU-R Recommendation BT.601, as in Pillow's `convert("L")`.

    Differs:
        torchvision writes 0.2989 for tensors, and 0.299 through Pillow.
    """
    pictures("to_grey", images, colours=True)
    if images.shape[1] == 1:
        return images
    red, green, blue = images.unbind(1)
    r, g, b = WEIGHTS
    return (r * red + g * green + b * blue).unsqueeze(1)  # (1)


def brightness(
    images: Float[Tensor, "batch channel height width"],
    factor: Float[Tensor, " batch"],
) -> Float[Tensor, "batch channel height width"]:
    r"""Make pictures darker (factor below 1) or brighter.

    $$ y = \operatorname{clamp}(f x) \tag{1} $$

    Args:
        images: Values 0 to 1.
        factor: $f$ of each picture.

    Returns:
        The pictures, cut to 0 and 1.

    Raises:
        ValueError: S14 if the shapes do not fit.
        TypeError: S01 if the dtype is not floating, A02 for no tensor.

    Examples:
        >>> brightness(torch.ones(1, 1, 1, 1), torch.tensor([0.5])).item()
        0.5

    Source:
        torchvision, `adjust_brightness`.

    Differs:
        One factor for each picture.
    """
    return blend("brightness", images, torch.zeros_like(images), factor)  # (1)


def contrast(
    images: Float[Tensor, "batch channel height width"],
    factor: Float[Tensor, " batch"],
) -> Float[Tensor, "batch channel height width"]:
    r"""Pull every value to the picture's mean brightness, or away from it.

    $$ y = \operatorname{clamp}(f x + (1 - f)\,\overline{\mathrm{grey}(x)})
    \tag{1} $$

    Args:
        images: Values 0 to 1.
        factor: $f$ of each picture; 0 makes it one flat grey.

    Returns:
        The pictures, cut to 0 and 1.

    Raises:
        ValueError: S14 if the shapes do not fit.
        TypeError: S01 if the dtype is not floating, A02 for no tensor.

    Examples:
        >>> x = torch.tensor([0.0, 1.0]).view(1, 1, 1, 2)
        >>> contrast(x, torch.tensor([0.5])).flatten()
        tensor([0.2500, 0.7500])

    Source:
        torchvision, `adjust_contrast`.

    Differs:
        One factor for each picture.
    """
    mean = to_grey(images).mean((1, 2, 3), keepdim=True)
    return blend("contrast", images, mean, factor)  # (1)


def saturation(
    images: Float[Tensor, "batch channel height width"],
    factor: Float[Tensor, " batch"],
) -> Float[Tensor, "batch channel height width"]:
    r"""Pull every colour to its grey, or away from it.

    $$ y = \operatorname{clamp}(f x + (1 - f)\,\mathrm{grey}(x)) \tag{1} $$

    Args:
        images: Values 0 to 1; pictures with 1 channel have no colour and
            stay as they are.
        factor: $f$ of each picture; 0 leaves the grey.

    Returns:
        The pictures, cut to 0 and 1.

    Raises:
        ValueError: S14 if the shapes do not fit.
        TypeError: S01 if the dtype is not floating, A02 for no tensor.

    Examples:
        >>> red = torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1)
        >>> saturation(red, torch.tensor([0.0])).flatten()
        tensor([0.2990, 0.2990, 0.2990])

    Source:
        torchvision, `adjust_saturation`.

    Differs:
        One factor for each picture.
    """
    if images.ndim == 4 and images.shape[1] == 1:
        return images
    return blend("saturation", images, to_grey(images), factor)  # (1)


def hue(
    images: Float[Tensor, "batch channel height width"],
    shift: Float[Tensor, " batch"],
) -> Float[Tensor, "batch channel height width"]:
    r"""Turn the circle of colours: red, yellow, green, cyan, blue, magenta.

    With value $v$ and saturation $s$ as they are and $h$ the place on the
    circle, in turns, the new channel of $n = 5, 3, 1$ (red, green, blue) is
    $$ v - v s \max(0, \min(k, 4 - k, 1)), \qquad
    k = (n + 6 (h + f)) \bmod 6 \tag{1} $$

    Args:
        images: Values 0 to 1; pictures with 1 channel stay as they are.
        shift: $f$ of each picture, in turns of the circle.

    Returns:
        The pictures in other colours.

    Raises:
        ValueError: S14 if the shapes do not fit.
        TypeError: S01 if the dtype is not floating, A02 for no tensor.

    Examples:
        >>> red = torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1)
        >>> hue(red, torch.tensor([1 / 3])).flatten().round(decimals=4).abs()
        tensor([0., 1., 0.])

    Source:
        Smith (1978), Color gamut transform pairs; the same as `colorsys`.

    Differs:
        One shift for each picture.
    """
    pictures("hue", images, colours=True)
    checks.shape("hue", "shift", shift, len(images))
    if images.shape[1] == 1:
        return images
    red, green, blue = images.unbind(1)
    value = images.amax(1)
    spread = value - images.amin(1)
    safe = torch.where(spread == 0, 1, spread)
    six = torch.where(
        value == red,
        (green - blue) / safe,
        torch.where(
            value == green, 2 + (blue - red) / safe, 4 + (red - green) / safe
        ),
    )
    six = six + 6 * shift.to(images).view(-1, 1, 1)
    start = torch.tensor([5.0, 3.0, 1.0]).to(images).view(3, 1, 1)
    k = (six.unsqueeze(1) + start).remainder(6)
    part = torch.minimum(k, 4 - k).clamp(0, 1)
    # v s is the spread between the largest and the smallest channel.
    return value.unsqueeze(1) - spread.unsqueeze(1) * part  # (1)


def blend(
    where: str, images: Tensor, other: Tensor, factor: Tensor
) -> Float[Tensor, "batch channel height width"]:
    """Mix two pictures (S14, S01): factor 1 is the first, 0 the other."""
    pictures(where, images)
    checks.shape(where, "factor", factor, len(images))
    f = factor.to(images).view(-1, 1, 1, 1)
    return (f * images + (1 - f) * other).clamp(0, 1)
