"""The form of SimCLR: sizes, head, temperature, and whose mean the loss is."""

from dataclasses import dataclass
from typing import Final

from pfs.errors import PfsValueError
from pfs.nn import checks

HEADS: Final = ("nonlinear", "linear", "none")
"""What may stand between the features and the loss (section 4.2)."""
FORMS: Final = ("paper", "official")
"""The mean of the paper, or the sum of two means of the authors' code."""


@dataclass(frozen=True, kw_only=True)
class SimCLRConfig:
    r"""Hyperparameters of SimCLR; the defaults are those of the paper.

    Args:
        feature_size: How many numbers the encoder gives for one image, $d$.
        embedding_size: How many numbers the loss sees, $E$.
        temperature: What the similarities are divided by, $\tau$.
        head: `"nonlinear"` for two layers with a ReLU between them,
            `"linear"` for one layer, `"none"` for no head at all.
        norm: Whether a batch normalization follows each layer of the head, as
            in the authors' code.
        form: `"paper"` for the mean over all $2N$ views, `"official"` for the
            authors' code: the sum of the two views' means, twice as much.

    Examples:
        >>> SimCLRConfig(feature_size=512).hidden_size
        512

    Source:
        Chen et al. (2020), sections 2 and 4.2; google-research/simclr.

    Differs:
        nothing
    """

    feature_size: int
    embedding_size: int = 128
    temperature: float = 0.1
    head: str = "nonlinear"
    norm: bool = False
    form: str = "paper"

    @property
    def hidden_size(self) -> int:
        """Units between the two layers of the head: as many as features."""
        return self.feature_size


IMAGENET: Final = SimCLRConfig(feature_size=2048)
"""The paper's main setting, for a ResNet-50 on ImageNet."""
CIFAR: Final = SimCLRConfig(feature_size=2048, temperature=0.5)
"""The paper's setting for CIFAR-10 (appendix B.9): a softer temperature."""
TINY: Final = SimCLRConfig(feature_size=6, embedding_size=4, temperature=0.5)
"""For examples and tests."""


def check_config(config: SimCLRConfig) -> None:
    """Refuse sizes, words and temperatures that mean nothing.

    Args:
        config: What `SimCLR` was given.

    Raises:
        ValueError: A01 if a size or the temperature is not above 0, or a word
            is not in its list; A03 if there is no head and the sizes differ.
        TypeError: A02 if a size is not a whole number.

    Examples:
        >>> check_config(TINY)

    Source:
        This project.

    Differs:
        nothing
    """
    checks.positive(
        "SimCLR",
        feature_size=config.feature_size,
        embedding_size=config.embedding_size,
    )
    checks.one_of("SimCLR", "head", config.head, HEADS)
    checks.one_of("SimCLR", "form", config.form, FORMS)
    check_temperature("SimCLR", config.temperature)
    if config.head == "none" and config.embedding_size != config.feature_size:
        raise PfsValueError(
            "A03",
            where="SimCLR, head and embedding_size",
            expected=f"embedding_size = feature_size = {config.feature_size}",
            got=f"head='none' and embedding_size = {config.embedding_size}",
            todo="without a head the loss sees the features themselves",
        )


def check_temperature(where: str, temperature: float) -> None:
    """Refuse a temperature that is not above 0.

    Args:
        where: Who asks.
        temperature: What it was given.

    Raises:
        ValueError: A01 if it is 0, below, or not finite.

    Examples:
        >>> check_temperature("nt_xent", 0.5)

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
            todo="the paper has 0.1 for ImageNet and 0.5 for CIFAR-10",
        )
