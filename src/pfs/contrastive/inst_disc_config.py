r"""The forms of instance discrimination.

Note: notes/inst_disc
"""

from dataclasses import dataclass
from typing import Final

from pfs.errors import PfsValueError
from pfs.nn import checks


@dataclass(frozen=True, kw_only=True)
class InstDiscConfig:
    r"""What decides the form of instance discrimination.

    Args:
        num_images: How many images the data set has, $n$; as many rows has
            the bank.
        feature_size: How many numbers the encoder gives for an image.
        embedding_size: The size $d$ of a row of the bank.
        negatives: How many rows are drawn as noise for each image, $m$;
            `None` for the softmax over the whole bank.
        temperature: $\tau$.
        momentum: The share $t$ of the old row that stays in the bank; 0 to
            replace it.
        proximal: The factor $\lambda$ of the proximal term; 0 for none.

    Examples:
        >>> IMAGENET.num_images, IMAGENET.negatives, IMAGENET.temperature
        (1281167, 4096, 0.07)

    Source:
        Wu et al. (2018), section 3, and the authors' code.

    Differs:
        The paper steadies the training by the proximal term, the authors'
        code by the momentum. The defaults are those of the code.
    """

    num_images: int
    feature_size: int
    embedding_size: int = 128
    negatives: int | None = 4096
    temperature: float = 0.07
    momentum: float = 0.5
    proximal: float = 0.0


IMAGENET: Final = InstDiscConfig(num_images=1_281_167, feature_size=2048)
"""What the authors' code does with ImageNet and a ResNet-50."""
TINY: Final = InstDiscConfig(
    num_images=6, feature_size=4, embedding_size=3, negatives=5
)
"""A method for examples."""


def check_config(config: InstDiscConfig) -> None:
    """Refuse forms that there are none of."""
    where = "InstDiscConfig"
    checks.positive(
        where,
        num_images=config.num_images,
        feature_size=config.feature_size,
        embedding_size=config.embedding_size,
    )
    if config.negatives is not None:
        checks.positive(where, negatives=config.negatives)
    check_temperature(where, config.temperature)
    checks.probability(where, "momentum", config.momentum)
    if config.proximal < 0:
        raise PfsValueError(
            "A01",
            where=f"{where}, proximal",
            expected="a number of at least 0",
            got=str(config.proximal),
            todo="0 for no proximal term",
        )


def check_temperature(where: str, temperature: float) -> None:
    """Refuse a temperature that is not above 0."""
    if not temperature > 0:
        raise PfsValueError(
            "A01",
            where=f"{where}, temperature",
            expected="a number above 0",
            got=str(temperature),
            todo="the paper has 0.07",
        )
