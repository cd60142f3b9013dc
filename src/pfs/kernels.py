"""torch's kernels, with the arguments of our definitions.

The only module that may use what torch has ready-made: `pfs.backend` says
when. Every function here is tested to be equal to ours, value and gradient.
"""

from collections.abc import Sequence

import torch
from torch.nn import functional

from pfs.shapes import Tensor


def linear(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
) -> Tensor:
    """A matrix product and a shift."""
    return functional.linear(input, weight, bias)


def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None,
) -> Tensor:
    """Rows of a table; the gradient leaves one out."""
    return functional.embedding(input.long(), weight, padding_idx)


def softmax(
    input: Tensor,
    dim: int,
) -> Tensor:
    """Probabilities along an axis."""
    return functional.softmax(input, dim)


def log_softmax(
    input: Tensor,
    dim: int,
) -> Tensor:
    """Logarithms of probabilities along an axis."""
    return functional.log_softmax(input, dim)


def cross_entropy(
    logits: Tensor,
    target: Tensor,
    smoothing: float,
) -> Tensor:
    """The cross entropy of every row."""
    return functional.cross_entropy(
        logits, target, reduction="none", label_smoothing=smoothing
    )


def layer_norm(
    rows: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    eps: float,
) -> Tensor:
    """Every row with mean 0 and variance 1, scaled and shifted."""
    return functional.layer_norm(rows, rows.shape[-1:], weight, bias, eps)


def gelu(input: Tensor, approximate: str) -> Tensor:
    """GELU with the error function or the hyperbolic tangent."""
    return functional.gelu(input, approximate=approximate)


def relu(
    input: Tensor,
) -> Tensor:
    """The maximum with 0."""
    return functional.relu(input)


def dropout(
    input: Tensor,
    p: float,
) -> Tensor:
    """Dropout; it draws other units than ours from the same seed."""
    return functional.dropout(input, p)


def rnn(
    x: Tensor, h0: Tensor, weights: Sequence[Tensor], nonlinearity: str
) -> tuple[Tensor, ...]:
    """One direction of a recurrent layer through time, which comes first."""
    walk = {"tanh": torch.rnn_tanh, "relu": torch.rnn_relu}[nonlinearity]
    biased = len(weights) == 4
    states, _ = walk(
        x, h0[None], list(weights), biased, 1, 0.0, False, False, False
    )
    return (states,)
