"""What decides a run of the gap filler; read without importing torch.

Note: notes/bidirectional
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from pfs.recipes.char_rnn_config import CharRNNConfig


@dataclass(frozen=True, kw_only=True)
class FillGapsConfig(CharRNNConfig):
    """Everything that decides what a training run gives."""

    KIND: ClassVar = "fill-gaps"


FILL_GAPS: Final = FillGapsConfig(
    embedding_size=64,
    cell="gru",
    hidden_size=128,
    num_layers=1,
    dropout=0.4,
    steps=800,
    batch_size=16,
    window=64,
    optimizer="adam",
    lr=0.005,
    clip=1.0,
    held_out=0.1,
)
"""A run of about a minute on one core."""
