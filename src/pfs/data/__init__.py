"""Data sets by name, and batches for a language model."""

from pfs.data.batches import (
    Batch,
    endless_batches,
    random_batches,
    sequential_batches,
)
from pfs.data.datasets import (
    DATASETS,
    Dataset,
    hulanhe_zhuan,
    ingan_munje,
    load,
    time_machine,
)
from pfs.data.story import story, story_sentences

__all__ = [
    "DATASETS",
    "Batch",
    "Dataset",
    "endless_batches",
    "hulanhe_zhuan",
    "ingan_munje",
    "load",
    "random_batches",
    "sequential_batches",
    "story",
    "story_sentences",
    "time_machine",
]
