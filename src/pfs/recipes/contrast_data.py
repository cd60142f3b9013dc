"""Pictures, and two views of each for every step.

Note: notes/simclr
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import torch

from pfs.data import augment
from pfs.data.cards import card
from pfs.data.datasets import load
from pfs.data.streams import ExampleStream, of_round
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.recipes.contrast_config import ContrastConfig
from pfs.shapes import Float, Int, Tensor

PRESETS: Final = {
    "digits": augment.DIGITS,
    "fashion": augment.FASHION,
    "cifar": augment.SIMCLR_CIFAR,
    "inst-disc": augment.INST_DISC,
    "simclr": augment.SIMCLR,
    "moco-v2": augment.MOCO_V2,
}
"""How images can be changed, by name."""
AUTO: Final = {
    "digits": "digits",
    "mnist": "digits",
    "fashion-mnist": "fashion",
}
"""The preset of a data set; `cifar` for all others."""


@dataclass(frozen=True)
class Pictures:
    """Pictures for training and for judging."""

    name: str
    """Of the data set."""
    title: str
    """What it is called in full."""
    licence: str
    """Under which licence it stands."""
    sha256: str
    """Checksum of its first file, if it has one."""
    train: Float[Tensor, "train channel height width"]
    """Values 0 to 1."""
    train_labels: Int[Tensor, " train"]
    """Their classes, which no method sees."""
    test: Float[Tensor, "test channel height width"]
    """Values 0 to 1."""
    test_labels: Int[Tensor, " test"]
    """Their classes."""


def read_pictures(config: ContrastConfig) -> Pictures:
    """Read the pictures that a config names.

    Args:
        config: The settings; `data` and `images` are read.

    Returns:
        The first `images` pictures for training, and all for testing.

    Raises:
        ValueError: A01 if the data set does not hold images.
        OSError: If the data set cannot be had.

    Examples:
        >>> from pfs.recipes.contrast_config import CONTRAST
        >>> read_pictures(CONTRAST).train.shape
        torch.Size([1500, 1, 8, 8])

    Source:
        This project.

    Differs:
        nothing
    """
    checks.positive("ContrastConfig", images=config.images)
    images = load(config.data)
    if not hasattr(images, "train_images"):
        raise PfsValueError(
            "A01",
            where="setting data",
            expected="a data set of images, such as digits",
            got=config.data,
            todo="`pfs data list` shows which are of the kind images",
        )
    one = card(config.data)
    some = slice(config.images)
    return Pictures(
        one.name,
        one.title,
        one.licence,
        one.files[0].sha256 if one.files else "",
        images.train_images[some].float() / 255,
        images.train_labels[some],
        images.test_images.float() / 255,
        images.test_labels,
    )


def views_of(config: ContrastConfig) -> augment.Views:
    """Choose how the pictures of a run are changed.

    Args:
        config: The settings; `views` and `data` are read.

    Returns:
        What draws two views of a picture.

    Raises:
        ValueError: A01 if there is no such preset.

    Examples:
        >>> from pfs.recipes.contrast_config import CONTRAST
        >>> views_of(CONTRAST).config == augment.DIGITS
        True

    Source:
        This project.

    Differs:
        nothing
    """
    checks.one_of("ContrastConfig", "views", config.views, ("auto", *PRESETS))
    auto = AUTO.get(config.data, "cifar")
    return augment.Views(
        PRESETS[auto if config.views == "auto" else config.views]
    )


class Pair(NamedTuple):
    """A batch: two views of each picture, and which pictures they are."""

    first: Float[Tensor, "_batch channel height width"]
    """One view of each."""
    second: Float[Tensor, "_batch channel height width"]
    """Another view."""
    numbers: Int[Tensor, " _batch"]
    """The numbers of the pictures in the data set."""


class PairStream:
    """Draw pictures in random order, and two views of each.

    Every batch has a random generator of its own, made from the seed and the
    place of the batch: a run that goes on sees the views that it would have
    seen. With several processes each draws the views of the whole batch and
    takes its rows, so that they see what one would see.

    Args:
        images: The pictures.
        batch_size: How many a batch has.
        views: What draws two views.
        seed: Decides order and views.
        rows: Which pictures of a batch this process gets.

    Raises:
        ValueError: X06 if there are fewer pictures than one batch.

    Examples:
        >>> images = torch.rand(6, 1, 8, 8)
        >>> views = augment.Views(augment.DIGITS)
        >>> stream = PairStream(images, 3, views, seed=0)
        >>> sorted(torch.cat([next(stream).numbers for _ in range(2)]).tolist())
        [0, 1, 2, 3, 4, 5]

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(
        self,
        images: Float[Tensor, "image channel height width"],
        batch_size: int,
        views: augment.Views,
        *,
        seed: int,
        rows: slice = slice(None),
    ) -> None:
        numbers = torch.arange(len(images))
        self._order = ExampleStream((numbers,), batch_size, seed=seed)
        self.images, self.views = images, views
        self.seed, self.rows = seed, rows
        self.round = self.place = 0

    def __next__(self) -> Pair:
        """Return the next batch; the next round follows the last one."""
        (index,) = next(self._order)
        self.round, self.place = self._order.round, self._order.place
        each = len(self.images) // self._order.batch_size
        number = self.round * each + self.place
        # Rounds count up from 0; the views of the batches count down.
        generator = of_round(self.seed, -number)
        first, second = self.views(self.images[index], generator)
        return Pair(first[self.rows], second[self.rows], index[self.rows])

    def go_to(self, round: int, place: int) -> None:
        """Continue from another place.

        Args:
            round: Which round.
            place: How many batches of it were given out before.
        """
        self._order.go_to(round, place)
        self.round, self.place = round, place
