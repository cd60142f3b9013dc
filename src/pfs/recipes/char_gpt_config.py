"""What decides a run of the GPT recipe; read without importing torch.

Note: notes/gpt
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from pfs.recipes.settings import TrainingConfig


@dataclass(frozen=True, kw_only=True)
class CharGPTConfig(TrainingConfig):
    """Everything that decides what a training run gives."""

    KIND: ClassVar = "char-gpt"
    """What a folder that holds this model says it is."""

    data: str = "story-en"
    """Which data: one by name, such as story-en or digits, or a file."""
    letters: bool = False
    """Whether only lower-case letters and spaces are kept."""
    d_model: int
    """Width of the model."""
    num_layers: int
    """Number of layers."""
    num_heads: int
    """Number of heads; they divide the width."""
    norm_first: bool = True
    """Whether the norms stand before the sublayers, as since GPT-2."""
    dropout: float
    """Share dropped while training."""
    steps: int
    """How many steps to train."""
    batch_size: int
    """How many strips, pairs or images are read side by side, at most."""
    window: int
    """After how many symbols the gradient is cut."""
    context: int
    """How many symbols before the next one the model sees."""
    optimizer: str = "adam"
    """What moves the parameters: sgd or adam."""
    lr: float
    """The highest learning rate; at the end it falls to 0."""
    warmup: int
    """In how many steps it rises."""
    clip: float
    """Length that a longer gradient is shortened to."""
    held_out: float
    """Share of the text, at its end, that is judged and never trained on."""


CHAR_GPT: Final = CharGPTConfig(
    d_model=128,
    num_layers=4,
    num_heads=4,
    dropout=0.1,
    steps=2000,
    batch_size=16,
    window=128,
    context=128,
    lr=2e-3,
    warmup=100,
    clip=1.0,
    held_out=0.1,
)
"""A run of a few minutes on one core."""
