"""How parameters move: optimizers with torch's names and states."""

from pfs.optim.sgd import SGD, clip_grad_norm_

__all__ = ["SGD", "clip_grad_norm_"]
