"""Pictures with a class: the layouts of MNIST and of CIFAR-10."""

import struct
from dataclasses import dataclass
from typing import Final

import torch

from pfs.data.layout import Inside, member, wrong_layout
from pfs.shapes import Int, Shaped, Tensor

DIGITS: Final = tuple("0123456789")
CLOTHES: Final = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
THINGS: Final = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
SIDE: Final = 32
RECORD: Final = 1 + 3 * SIDE * SIDE
"""Bytes of one picture of CIFAR-10: its class, then red, green and blue."""
SUBSET: Final = (4_000, 1_000)
"""How many pictures for training and for testing `cifar10-subset` has."""


@dataclass(frozen=True)
class ImageData:
    """Pictures and their classes, as the files hold them: whole bytes.

    Source:
        The authors' layouts.

    Differs:
        nothing
    """

    train_images: Shaped[Tensor, "train channel height width"]
    """`uint8`, 0 to 255."""
    train_labels: Int[Tensor, " train"]
    """The number of the class of each."""
    test_images: Shaped[Tensor, "test channel height width"]
    """`uint8`, 0 to 255."""
    test_labels: Int[Tensor, " test"]
    """The number of the class of each."""
    classes: tuple[str, ...]
    """The names of the classes, in the order of their numbers."""


def mnist(inside: Inside) -> ImageData:
    """Read the four IDX files of MNIST.

    Args:
        inside: The files.

    Returns:
        28x28 pictures of digits with one channel.

    Raises:
        OSError: D03 if a file is not laid out as IDX, or if there are not as
            many labels as pictures.

    Source:
        LeCun, Cortes and Burges, The MNIST database of handwritten digits.

    Differs:
        torchvision gives 64-bit labels as well, but pictures one by one.
    """
    return _four_files(inside, DIGITS)


def fashion_mnist(inside: Inside) -> ImageData:
    """Read the four IDX files of Fashion-MNIST.

    Args:
        inside: The files.

    Returns:
        28x28 pictures of clothes with one channel.

    Raises:
        OSError: D03, as of `mnist`.

    Source:
        Xiao, Rasul and Vollgraf (2017).

    Differs:
        See `mnist`.
    """
    return _four_files(inside, CLOTHES)


def cifar10(inside: Inside) -> ImageData:
    """Read the authors' binary version of CIFAR-10.

    Args:
        inside: The members of the archive.

    Returns:
        32x32 pictures with three channels: red, green, blue.

    Raises:
        OSError: D03 if a batch is not laid out as the authors say.

    Source:
        Krizhevsky (2009), and the page of the data set.

    Differs:
        torchvision reads the version for Python, which is pickled; a pickle
        can run code, so it is never opened here.
    """
    names = [f"data_batch_{number}.bin" for number in range(1, 6)]
    parts = [records(member(inside, name), name) for name in names]
    images = torch.cat([images for images, _ in parts])
    labels = torch.cat([labels for _, labels in parts])
    test = records(member(inside, "test_batch.bin"), "test_batch.bin")
    return ImageData(images, labels, *test, THINGS)


def cifar10_subset(inside: Inside) -> ImageData:
    """Read the first pictures of CIFAR-10: 4,000 for training, 1,000 for tests.

    Args:
        inside: Either the two files of the subset or the members of the
            authors' archive, whose beginning they are.

    Returns:
        32x32 pictures with three channels.

    Raises:
        OSError: D03 if a file is not laid out as the authors say, or holds
            too few pictures.

    Source:
        Krizhevsky (2009).

    Differs:
        A subset of this project; results are not those of CIFAR-10.
    """
    first = any(name.endswith("data_batch_1.bin") for name in inside)
    train, test = (
        ("data_batch_1.bin", "test_batch.bin")
        if first
        else ("train_first4000.bin", "test_first1000.bin")
    )
    return ImageData(
        *_first(inside, train, SUBSET[0]),
        *_first(inside, test, SUBSET[1]),
        THINGS,
    )


def idx(data: bytes, axes: int, where: str) -> Shaped[Tensor, "..."]:
    r"""Read a file in the IDX layout.

    Args:
        data: Two zero bytes, the type 8 (bytes), the number of axes, the
            size of each axis as a big-endian number, then the values.
        axes: How many axes there have to be.
        where: The name of the file, for a message.

    Returns:
        The values as `uint8`.

    Raises:
        OSError: D03 if the beginning is another, or the length is not what
            it promises.

    Examples:
        >>> idx(bytes([0, 0, 8, 1, 0, 0, 0, 3, 5, 6, 7]), 1, "example")
        tensor([5, 6, 7], dtype=torch.uint8)

    Source:
        LeCun, Cortes and Burges, The MNIST database of handwritten digits.

    Differs:
        nothing
    """
    start = 4 + 4 * axes
    magic = bytes([0, 0, 8, axes])
    if data[:4] != magic or len(data) < start:
        expected = f"the first bytes {magic.hex(' ')} and {axes} sizes"
        wrong_layout(where, expected, data[:start].hex(" ") or "no bytes")
    sizes = struct.unpack(f">{axes}I", data[4:start])
    wanted = start + torch.Size(sizes).numel()
    if len(data) != wanted:
        got = f"{len(data):,} bytes"
        wrong_layout(where, f"{wanted:,} bytes for sizes {sizes}", got)
    return _values(data[start:]).reshape(sizes)


def records(
    data: bytes, where: str
) -> tuple[Shaped[Tensor, "image channel height width"], Int[Tensor, " image"]]:
    """Read a batch of CIFAR-10.

    Args:
        data: For each picture one byte for the class and 3,072 for the red,
            green and blue of its points, row by row.
        where: The name of the file, for a message.

    Returns:
        The pictures and their classes.

    Raises:
        OSError: D03 if the length is no multiple of 3,073, or a class is
            above 9.

    Examples:
        >>> images, labels = records(bytes([6]) + bytes(3072), "example")
        >>> images.shape, labels
        (torch.Size([1, 3, 32, 32]), tensor([6]))

    Source:
        Krizhevsky (2009), and the page of the data set.

    Differs:
        nothing
    """
    if not data or len(data) % RECORD:
        expected = f"a multiple of {RECORD:,} bytes"
        wrong_layout(where, expected, f"{len(data):,} bytes")
    rows = _values(data).reshape(-1, RECORD)
    labels = rows[:, 0].long()
    if int(labels.max()) >= len(THINGS):
        wrong_layout(where, "classes from 0 to 9", f"{int(labels.max())}")
    return rows[:, 1:].reshape(-1, 3, SIDE, SIDE).contiguous(), labels


def _first(inside: Inside, name: str, size: int) -> tuple[Tensor, Tensor]:
    data = member(inside, name)[: size * RECORD]
    if len(data) != size * RECORD:
        expected = f"{size:,} pictures of {RECORD:,} bytes"
        wrong_layout(name, expected, f"{len(data):,} bytes")
    return records(data, name)


def _four_files(inside: Inside, classes: tuple[str, ...]) -> ImageData:
    return ImageData(
        *_two_files(inside, "train", len(classes)),
        *_two_files(inside, "t10k", len(classes)),
        classes,
    )


def _two_files(
    inside: Inside, part: str, classes: int
) -> tuple[Tensor, Tensor]:
    names = (f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte")
    images = idx(member(inside, names[0]), 3, names[0])
    labels = idx(member(inside, names[1]), 1, names[1]).long()
    if len(labels) != len(images):
        expected = f"{len(images):,} labels, one for each picture"
        wrong_layout(names[1], expected, f"{len(labels):,}")
    if len(labels) and int(labels.max()) >= classes:
        expected = f"classes from 0 to {classes - 1}"
        wrong_layout(names[1], expected, f"{int(labels.max())}")
    return images.unsqueeze(1), labels


def _values(data: bytes) -> Shaped[Tensor, " value"]:
    if not data:
        return torch.empty(0, dtype=torch.uint8)
    return torch.frombuffer(bytearray(data), dtype=torch.uint8)
