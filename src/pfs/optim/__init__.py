"""How parameters move: optimizers with torch's names and states."""

from pfs.optim.adam import Adam, AdamW
from pfs.optim.schedule import noam
from pfs.optim.sgd import (
    SGD,
    clip_grad_norm_,
    clip_grads_with_norm_,
    get_total_norm,
)

__all__ = [
    "SGD",
    "Adam",
    "AdamW",
    "clip_grad_norm_",
    "clip_grads_with_norm_",
    "get_total_norm",
    "noam",
]
