"""The form of MoCo: sizes, and how slow, how sharp, how split."""

from dataclasses import dataclass
from typing import Final

from pfs.errors import PfsValueError
from pfs.nn import checks


@dataclass(frozen=True, kw_only=True)
class MoCoConfig:
    """Hyperparameters of MoCo; the defaults are those of the paper.

    Source:
        He et al. (2020), section 3.3, and the authors' code.

    Differs:
        `split` and `shuffle` have no counterpart in the authors' code, which
        needs several GPUs.
    """

    feature_size: int
    """How many numbers the encoder gives for one image."""
    embedding_size: int = 128
    """How many numbers a query or a key has."""
    queue_size: int = 65_536
    """How many keys the queue holds ($K$): a multiple of the batch."""
    momentum: float = 0.999
    """What the key encoder keeps of itself in one step ($m$)."""
    temperature: float = 0.07
    r"""What the similarities are divided by ($\tau$)."""
    split: int = 1
    """Into how many groups a process cuts its batch; each is normalized by its
    own statistics, as if it stood in a process of its own."""
    shuffle: bool = True
    """Whether the keys are encoded in other groups than the queries."""


MOCO_RESNET_50: Final = MoCoConfig(feature_size=2048)
"""The paper's main model: 65,536 keys, momentum 0.999, temperature 0.07."""
TINY: Final = MoCoConfig(
    feature_size=6, embedding_size=4, queue_size=8, momentum=0.9
)
"""For examples and tests."""


def check_config(where: str, config: MoCoConfig) -> None:
    """Refuse sizes, shares and temperatures that mean nothing.

    Args:
        where: The class that asks.
        config: What it was given.

    Raises:
        ValueError: A01 if a size is not above 0, the momentum no share of 1,
            or the temperature not above 0.
        TypeError: A02 if one of them is of another type.

    Examples:
        >>> check_config("MoCo", TINY)

    Source:
        This project.

    Differs:
        nothing
    """
    checks.positive(
        where,
        feature_size=config.feature_size,
        embedding_size=config.embedding_size,
        queue_size=config.queue_size,
        split=config.split,
    )
    checks.probability(where, "momentum", config.momentum)
    check_temperature(where, config.temperature)


def check_temperature(where: str, temperature: float) -> None:
    """Refuse a temperature that is not above 0.

    Args:
        where: Who asks.
        temperature: What it was given.

    Raises:
        ValueError: A01 if it is 0, below, or not finite.

    Examples:
        >>> check_temperature("info_nce", 0.07)

    Source:
        This project.

    Differs:
        nothing
    """
    if not 0 < temperature < float("inf"):
        raise PfsValueError(
            "A01",
            where=f"{where}, temperature",
            expected="a number above 0",
            got=str(temperature),
            todo="pass 0.07 as the paper does, or 0.2 as MoCo v2",
        )
