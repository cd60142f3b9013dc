"""What decides a run of question answering; read without importing torch.

Note: notes/bert
"""

from dataclasses import dataclass
from typing import Final

from pfs.recipes.settings import TrainingConfig


@dataclass(frozen=True, kw_only=True)
class BertQaConfig(TrainingConfig):
    """Everything that decides what a training run gives."""

    data: str = "templates"
    """Which data: one by name, such as story-en or digits, or a file."""
    weights: str = ""
    """A folder with a published BERT to begin with; none if empty."""
    vocabulary: str = ""
    """A published vocabulary by name; made from the data if empty."""
    least: int
    """How often a piece of a data set must occur to be known."""
    stories: int
    """How many stories are made; each is told in three languages."""
    sentences: int
    """How many sentences a made story has, 2 to 6."""
    unanswerable: float
    """Share of the made questions that have no answer."""
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
    spread: float
    """Standard deviation of the first weights."""
    matched: bool = True
    """Whether queries begin as keys, and positions as sines."""
    places: int
    """How many places a window has, with the question in it."""
    stride: int
    """How many tokens later the next window of a paragraph begins."""
    longest_answer: int
    """How many tokens an answer has at most."""
    pretrain_steps: int
    """How many of the steps, at the beginning, fill gaps of plain text."""
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
    clip: float
    """Length that a longer gradient is shortened to."""


BERT_QA: Final = BertQaConfig(
    least=2,
    stories=8000,
    sentences=2,
    unanswerable=0.2,
    d_model=64,
    num_layers=2,
    num_heads=8,
    dropout=0.0,
    spread=0.25,
    places=128,
    stride=64,
    longest_answer=30,
    pretrain_steps=0,
    steps=8000,
    batch_size=64,
    lr=1e-3,
    warmup=200,
    decay=0.01,
    clip=1.0,
)
"""Questions on small stories in three languages: a quarter of an hour."""
