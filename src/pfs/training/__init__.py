"""Loops that train a model, and measures that judge it."""

from pfs.training.callbacks import Curve, Point, linear_decay
from pfs.training.language import (
    Callback,
    Step,
    perplexity,
    train_language_model,
)
from pfs.training.ngram import Floors, floors, ngram_perplexities
from pfs.training.sampling import sample

__all__ = [
    "Callback",
    "Curve",
    "Floors",
    "Point",
    "Step",
    "floors",
    "linear_decay",
    "ngram_perplexities",
    "perplexity",
    "sample",
    "train_language_model",
]
