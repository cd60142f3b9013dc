"""What decides a run of translation; read without importing torch.

Note: notes/transformer
"""

from dataclasses import dataclass
from typing import Final

from pfs.recipes.settings import TrainingConfig

MODELS: Final = ("seq2seq", "additive-attention", "transformer")
"""The models that can be trained."""


@dataclass(frozen=True, kw_only=True)
class TranslateConfig(TrainingConfig):
    """Everything that decides what a training run gives."""

    data: str = "numbers"
    """Which data: one by name, such as story-en or digits, or a file."""
    model: str = "transformer"
    """Which model: seq2seq, additive-attention or transformer."""
    swap: bool = False
    """Whether to translate a data set from its second language."""
    size: int
    """How many numbers or days are made; each is said in three languages."""
    longest: int
    """How many digits a number has at most in training."""
    most: int
    """How many pieces a sentence of a data set has at most in training."""
    least: int
    """How often a piece of a data set must occur to be known."""
    d_model: int
    """Width of the model."""
    num_layers: int
    """Number of layers."""
    num_heads: int
    """Number of heads; they divide the width."""
    dropout: float
    """Share dropped while training."""
    label_smoothing: float
    """Share of the probability spread over all pieces."""
    steps: int
    """How many steps to train."""
    batch_size: int
    """How many strips, pairs or images are read side by side, at most."""
    lr: float
    """The highest learning rate; at the end it falls to 0."""
    warmup: int
    """In how many steps it rises."""
    clip: float
    """Length that a longer gradient is shortened to."""
    beam: int
    """How many translations the search keeps; 1 takes the likeliest piece."""


TRANSLATE: Final = TranslateConfig(
    size=5000,
    longest=4,
    most=24,
    least=2,
    d_model=128,
    num_layers=2,
    num_heads=4,
    dropout=0.1,
    label_smoothing=0.0,
    steps=2000,
    batch_size=64,
    lr=1e-3,
    warmup=200,
    clip=1.0,
    beam=1,
)
"""Numbers in three languages, in minutes on one core."""
