"""What decides a run of contrastive learning; read without importing torch.

Note: notes/simclr
"""

from dataclasses import dataclass
from typing import Final

from pfs.recipes.settings import TrainingConfig

METHODS: Final = ("inst-disc", "inva-spread", "moco", "simclr", "moco-v2")
"""The methods that can be trained, in the order of their papers."""
DATA: Final = ("digits", "fashion-mnist", "cifar10-subset")
"""The data that the defaults were chosen for; others can be named as well."""


@dataclass(frozen=True, kw_only=True)
class ContrastConfig(TrainingConfig):
    """Everything that decides what a training run gives."""

    data: str = "digits"
    """Which data: one by name, such as story-en or digits, or a file."""
    method: str = "simclr"
    """Which method: inst-disc, inva-spread, moco, simclr or moco-v2."""
    images: int
    """How many images are used for training, at most."""
    views: str = "auto"
    """How images are changed: digits, fashion, cifar, ...; auto by the data."""
    features: int
    """How many features the encoder gives for an image."""
    blocks: int
    """How many residual blocks each stage of the encoder has."""
    vector_size: int
    """Size of the unit vectors that are compared."""
    tau: float
    """What similarities are divided by; 0 for the method's own."""
    negatives: int
    """How many keys MoCo's queue holds: a multiple of the batch."""
    noise: int = 0
    """How many rows of its bank InstDisc draws as noise; 0 for all rows."""
    key_momentum: float
    """What MoCo's encoder of keys keeps of itself in a step."""
    split: int = 1
    """Into how many parts a batch is cut for batch normalization."""
    steps: int
    """How many steps to train."""
    batch_size: int
    """How many strips, pairs or images are read side by side, at most."""
    lr: float
    """The highest learning rate; at the end it falls to 0."""
    warmup: int
    """In how many steps it rises."""
    decay: float
    """Weight decay of the matrices."""


CONTRAST: Final = ContrastConfig(
    images=10_000,
    features=128,
    blocks=1,
    vector_size=64,
    tau=0.2,
    negatives=1024,
    key_momentum=0.99,
    steps=600,
    batch_size=128,
    lr=1e-3,
    warmup=30,
    decay=0.01,
)
"""Digits, in a minute or two on one core with `backend=fused`."""
