"""What decides a run of the character recipe; read without importing torch.

Notes: notes/rnn, notes/lstm, notes/gru, notes/stacked
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from pfs.recipes.settings import TrainingConfig

CELLS: Final = ("rnn", "lstm", "gru")
"""The kinds of recurrent layers, the plainest first."""
OPTIMIZERS: Final = ("sgd", "adam")
"""What can move the parameters."""


@dataclass(frozen=True, kw_only=True)
class CharRNNConfig(TrainingConfig):
    """Everything that decides what a training run gives."""

    KIND: ClassVar = "char-rnn"
    """What a folder that holds this model says it is."""

    data: str = "story-en"
    """Which data: one by name, such as story-en or digits, or a file."""
    letters: bool = False
    """Whether only lower-case letters and spaces are kept."""
    embedding_size: int
    """Size of a symbol's vector; 0 for one-hot vectors."""
    cell: str = "rnn"
    """Kind of recurrent layers: rnn, lstm or gru."""
    hidden_size: int
    """Number of units of a state."""
    num_layers: int
    """Number of layers."""
    skip: bool = False
    """Whether all of several layers read the symbol and are read out."""
    dropout: float
    """Share dropped while training."""
    steps: int
    """How many steps to train."""
    batch_size: int
    """How many strips, pairs or images are read side by side, at most."""
    window: int
    """After how many symbols the gradient is cut."""
    optimizer: str = "sgd"
    """What moves the parameters: sgd or adam."""
    lr: float
    """The highest learning rate; at the end it falls to 0."""
    clip: float
    """Length that a longer gradient is shortened to."""
    held_out: float
    """Share of the text, at its end, that is judged and never trained on."""


CHAR_RNN: Final = CharRNNConfig(
    embedding_size=64,
    hidden_size=256,
    num_layers=1,
    dropout=0.1,
    steps=6000,
    batch_size=8,
    window=64,
    lr=1.0,
    clip=1.0,
    held_out=0.1,
)
"""A run of about a minute on one core."""
