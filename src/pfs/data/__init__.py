"""Data sets by name, and batches for a language model.

What needs torch is imported when it is first used, so that a list of the data
sets costs nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any

from pfs.data.cache import DataWarning
from pfs.data.cards import Card, card, names
from pfs.data.datasets import (
    Report,
    check,
    find,
    get,
    hulanhe_zhuan,
    ingan_munje,
    load,
    time_machine,
)
from pfs.data.story import story, story_sentences

if TYPE_CHECKING:
    from pfs.data.batches import (
        Batch,
        random_batches,
        sequential_batches,
    )
    from pfs.data.images import ImageData
    from pfs.data.pairs import Exchange, Pair
    from pfs.data.questions import Question

_LATER = {
    "Batch": "batches",
    "Exchange": "pairs",
    "ImageData": "images",
    "Pair": "pairs",
    "Question": "questions",
    "random_batches": "batches",
    "sequential_batches": "batches",
}

__all__ = [
    "Batch",
    "Card",
    "DataWarning",
    "Exchange",
    "ImageData",
    "Pair",
    "Question",
    "Report",
    "card",
    "check",
    "find",
    "get",
    "hulanhe_zhuan",
    "ingan_munje",
    "load",
    "names",
    "random_batches",
    "sequential_batches",
    "story",
    "story_sentences",
    "time_machine",
]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        module = importlib.import_module(f"pfs.data.{_LATER[name]}")
        return getattr(module, name)
    raise AttributeError(f"module 'pfs.data' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
