"""The loop that trains a model, what goes around it, measures that judge."""

from pfs.training.callbacks import (
    Checkpoints,
    Evaluation,
    Point,
    linear_decay,
)
from pfs.training.distributed import Processes, processes
from pfs.training.language import next_symbol_loss, perplexity
from pfs.training.logs import Log, TensorBoard
from pfs.training.ngram import Floors, floors, ngram_perplexities
from pfs.training.sampling import sample
from pfs.training.trainer import Callback, Step, Trainer

__all__ = [
    "Callback",
    "Checkpoints",
    "Evaluation",
    "Floors",
    "Log",
    "Point",
    "Processes",
    "Step",
    "TensorBoard",
    "Trainer",
    "floors",
    "linear_decay",
    "next_symbol_loss",
    "ngram_perplexities",
    "perplexity",
    "processes",
    "sample",
]
