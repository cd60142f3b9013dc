"""The digits that come with scikit-learn: images without a download."""

import importlib
from typing import Final

import torch

from pfs.data.images import ImageData
from pfs.errors import PfsFileError

TRAIN: Final = 1_500
"""The first so many images are for training, the others for testing."""


def load() -> ImageData:
    """Read 1,797 pictures of digits, 8 by 8 points.

    The order is that of the file, where the pictures of one writer stand
    together. So the test is mostly about writers that training has not seen;
    the cut goes through the pictures of what seems to be one writer, from
    1,415 to 1,545, of which 45 are in the test.

    Returns:
        1,500 pictures for training and 297 for testing, one channel. The
        greys 0 to 16 of the file are spread over 0 to 255.

    Raises:
        OSError: E05 if scikit-learn is not installed.

    Examples:
        >>> load().test_images.shape
        torch.Size([297, 1, 8, 8])

    Source:
        Alpaydin & Kaynak (1998), Optical recognition of handwritten digits,
        UCI Machine Learning Repository; its test set.

    Differs:
        `sklearn.datasets.load_digits` gives floats and no split. With the
        usual split at random every writer is in training and in the test,
        and the scores are higher.
    """
    try:
        datasets = importlib.import_module("sklearn.datasets")
    except ImportError:
        raise PfsFileError(
            "E05",
            where="the data set digits",
            expected="the package scikit-learn, which brings it",
            got="it is not installed",
            todo='pip install "papers-from-scratch[data]"',
        ) from None
    digits = datasets.load_digits()
    grey = torch.tensor(digits.images, dtype=torch.float32)
    images = (grey * (255 / 16)).round().to(torch.uint8)[:, None]
    labels = torch.tensor(digits.target, dtype=torch.int64)
    return ImageData(
        images[:TRAIN],
        labels[:TRAIN],
        images[TRAIN:],
        labels[TRAIN:],
        tuple("0123456789"),
    )
