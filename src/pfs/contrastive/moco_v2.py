r"""MoCo v2: MoCo with what SimCLR had found out.

Chen, Fan, Girshick & He (2020). Note: notes/moco_v2
"""

from dataclasses import dataclass
from typing import Final

from torch import nn

from pfs.contrastive.moco import MoCo
from pfs.contrastive.moco_config import MoCoConfig
from pfs.nn import Linear, ReLU

__all__ = ["MOCO_V2_RESNET_50", "TINY", "MoCoV2", "MoCoV2Config"]


@dataclass(frozen=True, kw_only=True)
class MoCoV2Config(MoCoConfig):
    """Hyperparameters of MoCo v2; the defaults are those of the paper.

    Examples:
        >>> MoCoV2Config(feature_size=2048).hidden_size
        2048

    Source:
        Chen et al. (2020), section 3, and the authors' code: `--mlp --moco-t
        0.2 --aug-plus --cos`.

    Differs:
        The stronger augmentation and the schedule are not the model's: a
        recipe has them.
    """

    temperature: float = 0.2
    r"""What the similarities are divided by ($\tau$)."""

    @property
    def hidden_size(self) -> int:
        """Units of the head's hidden layer: as many as features."""
        return self.feature_size


MOCO_V2_RESNET_50: Final = MoCoV2Config(feature_size=2048)
"""The paper's model: a hidden layer of 2048 units, temperature 0.2."""
TINY: Final = MoCoV2Config(
    feature_size=6, embedding_size=4, queue_size=8, momentum=0.9
)
"""For examples and tests."""


class MoCoV2(MoCo):
    r"""MoCo whose head has a hidden layer.

    $$ g(h) = W_2 \max(W_1 h + b_1,\, 0) + b_2 \tag{1} $$

    Everything else is that of `MoCo`: two encoders, a queue, one loss. For
    what comes after the training the head is thrown away; the features $h$ are
    kept.

    Its arguments are those of `MoCo`.

    Raises:
        ValueError: A01 if a size or share is out of range. A03, later, if the
            queue holds no whole number of batches or a batch cannot be split
            evenly.
        TypeError: A02 if one of them is of another type.

    Examples:
        >>> import torch
        >>> _ = torch.manual_seed(0)
        >>> model = MoCoV2(nn.Sequential(nn.Flatten(), Linear(4, 6)), TINY)
        >>> model.embed(torch.rand(2, 1, 2, 2)).shape
        torch.Size([2, 4])
        >>> sum(p.numel() for p in model.head.parameters())
        70

    Source:
        Chen et al. (2020), section 3.

    Differs:
        nothing. Unlike SimCLR's head, this one has no batch normalization, as
        in the authors' code.
    """

    # --8<-- [start:head]
    @staticmethod
    def make_head(config: MoCoConfig) -> nn.Module:
        """Make what maps features to embeddings.

        Args:
            config: The form of the method.

        Returns:
            Two linear maps with a ReLU between them.
        """
        features = config.feature_size
        return nn.Sequential(  # (1)
            Linear(features, features),
            ReLU(),
            Linear(features, config.embedding_size),
        )

    # --8<-- [end:head]
