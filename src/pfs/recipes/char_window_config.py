"""What decides a run of the window recipe; read without importing torch.

Note: notes/sequence
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from pfs.recipes.settings import TrainingConfig


@dataclass(frozen=True, kw_only=True)
class CharWindowConfig(TrainingConfig):
    """Everything that decides what a training run gives."""

    KIND: ClassVar = "char-window"
    """What a folder that holds this model says it is."""

    data: str = "story-en"
    """Which data: one by name, such as story-en or digits, or a file."""
    letters: bool = False
    """Whether only lower-case letters and spaces are kept."""
    context: int
    """How many symbols before the next one the model sees."""
    num_features: int
    """Size of a symbol's feature vector."""
    hidden_units: int
    """Number of hidden units; 0 for none."""
    direct: bool
    """Whether the features reach the output directly as well."""
    feature_dropout: float
    """Share of the features dropped while training."""
    steps: int
    """How many steps to train."""
    batch_size: int
    """How many strips, pairs or images are read side by side, at most."""
    stretch: int
    """How many symbols in a row each strip gives to a batch."""
    optimizer: str = "adam"
    """What moves the parameters: sgd or adam."""
    lr: float
    """The highest learning rate; at the end it falls to 0."""
    clip: float
    """Length that a longer gradient is shortened to."""
    held_out: float
    """Share of the text, at its end, that is judged and never trained on."""

    @property
    def window(self) -> int:
        """The steps of a batch, as every recipe that reads a text calls it."""
        return self.stretch


CHAR_WINDOW: Final = CharWindowConfig(
    context=8,
    num_features=24,
    hidden_units=256,
    direct=False,
    feature_dropout=0.2,
    steps=6000,
    batch_size=16,
    stretch=32,
    lr=0.002,
    clip=1.0,
    held_out=0.1,
)
"""A run of about a minute on one core."""
