"""Papers From Scratch: deep learning papers, written from scratch.

Topics are folders, papers are files: `from pfs.recurrent.rnn import RNN`.
A topic is imported when it is first used, so `import pfs` costs nothing.
"""

import importlib
from types import ModuleType

from pfs.backend import backend

__version__ = "0.1.0"

__all__ = ["backend"]

_TOPICS = (
    "basics",
    "contrastive",
    "data",
    "language",
    "nn",
    "optim",
    "recipes",
    "recurrent",
    "text",
    "training",
    "translation",
    "vision",
    "words",
)


def __getattr__(name: str) -> ModuleType:
    if name in _TOPICS:
        return importlib.import_module(f"pfs.{name}")
    raise AttributeError(f"module 'pfs' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_TOPICS])
