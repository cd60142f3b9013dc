"""torch's kernels, with the arguments of our definitions.

The only module that may use what torch has ready-made: `pfs.backend` says
when. Every function here is tested to be equal to ours, value and gradient.
"""

from collections.abc import Sequence

import torch
from torch.nn import functional
from torch.nn.utils.rnn import (
    PackedSequence,
    pack_padded_sequence,
    pad_packed_sequence,
)

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


def gru(x: Tensor, h0: Tensor, weights: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """One direction of a GRU layer through time, which comes first."""
    biased = len(weights) == 4
    states, _ = torch.gru(
        x, h0[None], list(weights), biased, 1, 0.0, False, False, False
    )
    return (states,)


def lstm(
    x: Tensor,
    state: tuple[Tensor, ...],
    weights: Sequence[Tensor],
    steps: Tensor | None,
) -> tuple[Tensor, ...]:
    """One direction of an LSTM layer through time, which comes first.

    torch gives the cell of each row's last step only: it stands here for all.
    """
    options = (list(weights), len(weights) > 3, 1, 0.0, False, False)
    if steps is None or x.is_meta or not len(steps):
        first = [s[None] for s in state]
        h, _, (c,) = torch.lstm(x, first, *options, False)
        return h, c.expand(len(x), *c.shape)
    rows = pack_padded_sequence(x, steps.cpu(), enforce_sorted=False)
    first = [s[None, rows.sorted_indices] for s in state]
    data, _, (c,) = torch.lstm(rows.data, rows.batch_sizes, first, *options)
    h, _ = pad_packed_sequence(
        PackedSequence(data, *rows[1:]), total_length=len(x)
    )
    c = c[rows.unsorted_indices]
    return h, c.expand(len(x), *c.shape)


def scaled_dot_product_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Tensor | None,
    p: float,
    causal: bool,
    scale: float,
) -> Tensor:
    """Attention in tiles; the mask is `True` where a key is seen, or added."""
    return functional.scaled_dot_product_attention(
        q, k, v, mask, p, causal, scale=scale
    )


def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: tuple[int, int],
    dilation: tuple[int, int],
    groups: int,
) -> Tensor:
    """Every kernel with every window of images that are padded already."""
    return functional.conv2d(input, weight, bias, stride, 0, dilation, groups)


def max_pool2d(
    input: Tensor,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
    ceil_mode: bool,
) -> tuple[Tensor, Tensor]:
    """The largest number of every window, and its place."""
    return functional.max_pool2d_with_indices(
        input, kernel, stride, padding, dilation, ceil_mode
    )


def avg_pool2d(
    input: Tensor,
    sizes: tuple[tuple[int, int], tuple[int, int], tuple[int, int]],
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: int | None,
) -> Tensor:
    """The mean of every window; window, step and padding are the sizes."""
    kernel, stride, padding = sizes
    return functional.avg_pool2d(
        input, kernel, stride, padding, ceil_mode, count_include_pad, divisor
    )


def adaptive_avg_pool2d(input: Tensor, size: tuple[int, int]) -> Tensor:
    """The mean of windows that cover the image."""
    return functional.adaptive_avg_pool2d(input, size)


def adaptive_max_pool2d(
    input: Tensor, size: tuple[int, int]
) -> tuple[Tensor, Tensor]:
    """The largest number of windows that cover the image, and its place."""
    return functional.adaptive_max_pool2d_with_indices(input, size)


def batch_norm(
    input: Tensor,
    running: tuple[Tensor | None, Tensor | None],
    weight: Tensor | None,
    bias: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
) -> Tensor:
    """Every channel with mean 0 and variance 1, scaled and shifted."""
    return functional.batch_norm(
        input, *running, weight, bias, training, momentum, eps
    )
