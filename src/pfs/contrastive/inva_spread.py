r"""The positive is your own copy, the negatives are the rest of the batch.

Ye, Zhang, Yuen & Chang (2019). Note: notes/inva_spread
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import nn

from pfs.contrastive.inva_spread_gather import gather
from pfs.contrastive.inva_spread_loss import (
    check_temperature,
    inva_spread_loss,
    inva_spread_terms,
    log_not_softmax,
)
from pfs.nn import Linear, checks, l2_normalize
from pfs.shapes import Float, Int, Tensor

__all__ = [
    "PAPER",
    "RELEASED",
    "TINY",
    "InvaSpread",
    "InvaSpreadConfig",
    "inva_spread_loss",
    "inva_spread_terms",
    "log_not_softmax",
]


@dataclass(frozen=True, kw_only=True)
class InvaSpreadConfig:
    """Hyperparameters of InvaSpread; the defaults are those of the paper.

    Raises:
        ValueError: A01 if a size or the temperature is not above 0.
        TypeError: A02 if a size is not a whole number.

    Examples:
        >>> PAPER.embedding_size, PAPER.temperature
        (128, 0.1)

    Source:
        Ye et al. (2019), sections 3 and 4, and the released code.

    Differs:
        nothing
    """

    feature_size: int
    """How many numbers the encoder gives for an image."""
    embedding_size: int = 128
    """Numbers in an embedding ($d$)."""
    temperature: float = 0.1
    r"""What the similarities are divided by ($\tau$)."""
    joint: bool = False
    """Whether both views go through the encoder in one batch and all $2m$
    pictures are told from each other, as in the released code."""
    detach: bool = False
    """Whether the classes are without gradient, as in the released code."""

    def __post_init__(self) -> None:
        """Refuse forms that there are none of."""
        where = "InvaSpreadConfig"
        checks.positive(
            where,
            feature_size=self.feature_size,
            embedding_size=self.embedding_size,
        )
        check_temperature(where, self.temperature)


PAPER: Final = InvaSpreadConfig(feature_size=512)
"""The paper's equations, on the 512 features of a ResNet-18."""
RELEASED: Final = InvaSpreadConfig(feature_size=512, joint=True, detach=True)
"""What the authors' code computes."""
TINY: Final = InvaSpreadConfig(feature_size=4, embedding_size=3)
"""A method for examples."""


class InvaSpread(nn.Module):
    r"""Learn to find an image among the others of its batch, by its copy.

    There is no memory: everything that a step compares was computed in that
    step. The embedding of an image $x$ is $f = W h / \lVert W h \rVert$ with
    the features $h$ of the encoder.

    Args:
        encoder: Maps images to features.
        config: The form of the method.

    Raises:
        ValueError: S14, later, if the views have different shapes, A01 if
            there are fewer than two images.

    Examples:
        >>> from pfs.nn import Linear
        >>> encoder = torch.nn.Sequential(torch.nn.Flatten(), Linear(4, 4))
        >>> method = InvaSpread(encoder, TINY)
        >>> first, second = torch.rand(2, 5, 1, 2, 2)
        >>> method(first, second, torch.arange(5)).shape
        torch.Size([])
        >>> method.embed(first).shape
        torch.Size([5, 3])

    Source:
        Ye et al. (2019), section 3; mangye16/Unsupervised_Embedding_Learning.

    Differs:
        Under several processes the batch is that of all of them. The head has
        a bias, as in the released code.
    """

    def __init__(self, encoder: nn.Module, config: InvaSpreadConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = encoder
        self.head = Linear(config.feature_size, config.embedding_size)

    def embed(
        self, images: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch embed"]:
        """Map images to the sphere.

        Args:
            images: The images.

        Returns:
            Unit vectors.
        """
        return l2_normalize(self.head(self.encoder(images)))

    # --8<-- [start:step]
    def forward(
        self,
        first: Float[Tensor, "batch channel height width"],
        second: Float[Tensor, "batch channel height width"],
        index: Int[Tensor, " batch"] | None = None,
    ) -> Float[Tensor, ""]:
        """Return the loss of a batch.

        Args:
            first: A view of each image.
            second: Another view of the same images: the augmented copies.
            index: Not used: the batch tells who is who. Other methods need
                the number of each image.

        Returns:
            The loss.

        Raises:
            ValueError: S14 if the views have different shapes, A01 if there
                are fewer than two images.
        """
        c = self.config
        checks.shape("InvaSpread", "second", second, *first.shape)
        if c.joint:
            f, copy = self.embed(torch.cat([first, second])).chunk(2)
        else:
            f, copy = self.embed(first), self.embed(second)
        f, copy = gather(f), gather(copy)
        form = {"joint": c.joint, "detach": c.detach}
        return inva_spread_loss(f, copy, c.temperature, **form)

    # --8<-- [end:step]
