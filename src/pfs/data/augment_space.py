r"""Cut, enlarge and blur pictures, each by numbers of its own.

Enlarging and blurring are linear and work on rows and columns alone: every
new row is a weighted sum of old rows. So both are two small matrices for each
picture, $Y = R X C^\top$, and a batch is one batched product.
"""

import torch

from pfs.data.augment_color import pictures
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.shapes import Float, Int, Tensor


def crop(
    images: Float[Tensor, "batch channel height width"],
    padding: int,
    offset: Int[Tensor, "batch 2"],
) -> Float[Tensor, "batch channel height width"]:
    """Put a black frame around each picture and cut out its old size.

    Args:
        images: The pictures.
        padding: The width of the frame.
        offset: From where to cut, down and to the right, 0 to 2 `padding`;
            `padding` itself gives the picture back.

    Returns:
        The pictures, shifted.

    Raises:
        ValueError: S14 if the shapes do not fit, A01 if `padding` is below 0.
        TypeError: S01 if the dtype is not floating, A02 if an argument has
            the wrong type.
        IndexError: S09 if an offset is outside the frame.

    Examples:
        >>> x = torch.arange(4.0).view(1, 1, 2, 2)
        >>> crop(x, 1, torch.tensor([[0, 1]]))[0, 0]
        tensor([[0., 0.],
                [0., 1.]])

    Source:
        torchvision, `RandomCrop` with `padding`.

    Differs:
        One offset for each picture.
    """
    pictures("crop", images)
    checks.whole("crop", "padding", padding)
    if padding < 0:
        raise PfsValueError(
            "A01",
            where="crop, padding",
            expected="a whole number, 0 or more",
            got=str(padding),
            todo="padding=0 leaves the pictures as they are",
        )
    checks.shape("crop", "offset", offset, len(images), 2)
    checks.indices("crop", "offset", offset, 2 * padding + 1)
    batch, channels, height, width = images.shape
    frame = (batch, channels, height + 2 * padding, width + 2 * padding)
    padded = images.new_zeros(frame)
    padded[..., padding : padding + height, padding : padding + width] = images
    offset = offset.to(images.device)
    rows = offset[:, :1] + torch.arange(height, device=images.device)
    columns = offset[:, 1:] + torch.arange(width, device=images.device)
    one = torch.arange(batch, device=images.device).view(-1, 1, 1, 1)
    each = torch.arange(channels, device=images.device).view(1, -1, 1, 1)
    return padded[one, each, rows[:, None, :, None], columns[:, None, None]]


def resized_crop(
    images: Float[Tensor, "batch channel height width"],
    boxes: Int[Tensor, "batch 4"],
) -> Float[Tensor, "batch channel height width"]:
    r"""Cut a box out of each picture and enlarge it to the picture's size.

    New pixel $i$ of $n$ lies in a box of $m$ pixels at
    $$ u = \max\Bigl(0, \Bigl(i + \tfrac12\Bigr)\frac{m}{n} - \tfrac12\Bigr)
    \tag{1} $$
    and is a mixture of the two pixels beside that place:
    $$ y_i = (1 - u + \lfloor u \rfloor)\,x_{\lfloor u \rfloor}
    + (u - \lfloor u \rfloor)\,x_{\lfloor u \rfloor + 1} \tag{2} $$

    Args:
        images: The pictures.
        boxes: Top, left, height and width of each box, inside the picture.

    Returns:
        What is in the boxes, bilinear, in the size of the pictures.

    Raises:
        ValueError: S14 if the shapes do not fit, A01 if a box is empty or
            leaves the picture.
        TypeError: S01 if the dtype is not floating, A02 for no tensor.

    Examples:
        >>> x = torch.tensor([0.0, 0.5, 1.0]).view(1, 1, 1, 3)
        >>> resized_crop(x, torch.tensor([[0, 1, 1, 2]])).flatten()
        tensor([0.5000, 0.7500, 1.0000])

    Source:
        torchvision, `resized_crop` (bilinear, `align_corners=False`).

    Differs:
        One box for each picture.
    """
    pictures("resized_crop", images)
    checks.shape("resized_crop", "boxes", boxes, len(images), 4)
    size = torch.tensor(images.shape[2:])
    start, length = boxes.cpu().split(2, 1)
    if (start < 0).any() or (length < 1).any() or (start + length > size).any():
        raise PfsValueError(
            "A01",
            where="resized_crop, boxes",
            expected="top, left, height, width inside the picture",
            got=f"boxes {boxes.tolist()[:3]} in {tuple(size.tolist())}",
            todo="a box has at least one pixel and ends inside the picture",
        )
    rows, columns = (
        _enlarge(start[:, a], length[:, a], int(size[a])).to(images)
        for a in (0, 1)
    )
    return _apply(images, rows, columns)


def gaussian_blur(
    images: Float[Tensor, "batch channel height width"],
    sigma: Float[Tensor, " batch"],
    radius: int,
) -> Float[Tensor, "batch channel height width"]:
    r"""Replace every pixel by a weighted mean of those around it.

    $$ w_t = \frac{e^{-t^2 / 2 \sigma^2}}
    {\sum_{u=-r}^{r} e^{-u^2 / 2 \sigma^2}}, \qquad t = -r, \dots, r \tag{1} $$
    along the rows, then along the columns. Beyond the edge the picture goes
    on as its mirror image, with the edge as the mirror.

    Args:
        images: The pictures.
        sigma: $\sigma$ of each picture, in pixels.
        radius: $r$; the kernel has $2r + 1$ weights.

    Returns:
        The pictures, blurred.

    Raises:
        ValueError: S14 if the shapes do not fit, A01 if `radius` is not
            above 0 and below the picture's height and width.
        TypeError: S01 if the dtype is not floating, A02 if an argument has
            the wrong type.

    Examples:
        >>> dot = torch.zeros(1, 1, 1, 5)
        >>> dot[..., 2] = 1
        >>> gaussian_blur(dot.expand(1, 1, 5, 5), torch.ones(1), 1)[0, 0, 2]
        tensor([0.0000, 0.2741, 0.4519, 0.2741, 0.0000])

    Source:
        torchvision, `gaussian_blur`.

    Differs:
        One $\sigma$ for each picture.
    """
    pictures("gaussian_blur", images)
    checks.shape("gaussian_blur", "sigma", sigma, len(images))
    checks.positive("gaussian_blur", radius=radius)
    if radius >= min(images.shape[2:]):
        raise PfsValueError(
            "A01",
            where="gaussian_blur, radius",
            expected="less than the height and the width of the pictures",
            got=f"{radius} for shape {tuple(images.shape)}",
            todo="pass a smaller radius: the mirror image ends there",
        )
    taps = torch.arange(-radius, radius + 1)
    power = taps.to(images) / sigma.to(images)[:, None]
    weights = torch.exp(-0.5 * power.square())
    weights = weights / weights.sum(1, keepdim=True)  # (1)
    rows, columns = (_smooth(weights, taps, n) for n in images.shape[2:])
    return _apply(images, rows, columns)


def _enlarge(
    start: Int[Tensor, " batch"], length: Int[Tensor, " batch"], size: int
) -> Float[Tensor, "batch new old"]:
    """Return the weights of the old rows in the new ones."""
    start, length = start[:, None], length[:, None]
    new = torch.arange(size, dtype=torch.float64) + 0.5
    place = (new * length / size - 0.5).clamp(min=0)  # (1)
    low = place.floor().long()
    high = torch.minimum(low + 1, length - 1)
    part = (place - low).unsqueeze(2)
    matrix = torch.zeros(len(start), size, size, dtype=torch.float64)
    matrix.scatter_add_(2, (start + low).unsqueeze(2), 1 - part)
    return matrix.scatter_add_(2, (start + high).unsqueeze(2), part)  # (2)


def _smooth(
    weights: Float[Tensor, "batch tap"], taps: Int[Tensor, " tap"], size: int
) -> Float[Tensor, "batch new old"]:
    """Return the weights of the old rows, mirrored at the edges."""
    last = size - 1
    place = (torch.arange(size)[:, None] + taps).abs()
    place = last - (last - place).abs()
    shape = (len(weights), size, len(taps))
    matrix = weights.new_zeros(len(weights), size, size)
    place = place.to(weights.device).expand(shape)
    return matrix.scatter_add_(2, place, weights[:, None].expand(shape))


def _apply(
    images: Float[Tensor, "batch channel height width"],
    rows: Float[Tensor, "batch height height"],
    columns: Float[Tensor, "batch width width"],
) -> Float[Tensor, "batch channel height width"]:
    """Multiply from both sides; rounding may not leave 0 to 1."""
    batch, channels, height, width = images.shape
    wide = images.reshape(batch, channels * height, width) @ columns.mT
    wide = wide.view(batch, channels, height, width)
    return (rows.unsqueeze(1) @ wide).clamp_(0, 1)
