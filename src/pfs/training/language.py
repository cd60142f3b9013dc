r"""Models of language: their loss, and the perplexity that judges them.

A model of language takes ids (batch, time) and a state, `None` at first, and
returns logits (batch, time, vocab) and the state after the last step.
"""

import math
from typing import Any

import torch
from torch import nn

from pfs.data.batches import Batch, sequential_batches
from pfs.nn import cross_entropy
from pfs.shapes import Float, Int, Tensor


# --8<-- [start:loss]
def next_symbol_loss(
    model: nn.Module, batch: Batch, state: Any
) -> tuple[Float[Tensor, ""], Any]:
    """Cross entropy of the next symbols, truncated at every window.

    The state goes from window to window, the gradient does not: `detach` cuts
    it, so a step costs one window however long the text is.

    Args:
        model: The model.
        batch: A window.
        state: What the window before has left; `None` at the beginning.

    Returns:
        The mean loss in nats a symbol, and the state after the window.

    Examples:
        >>> from pfs.recipes.char_rnn import CHAR_RNN, CharRNN
        >>> model = CharRNN(3, CHAR_RNN)
        >>> batch = next(sequential_batches(torch.tensor([0, 1, 2] * 9), 2, 5))
        >>> loss, state = next_symbol_loss(model, batch, None)
        >>> 0.5 < loss.item() < 2
        True

    Source:
        Werbos (1990); Mikolov et al. (2010) for the truncation in language
        models.

    Differs:
        nothing
    """
    device = next(model.parameters()).device
    state = None if batch.first else detach(state)
    logits, state = model(batch.inputs.to(device), state)
    targets = batch.targets.to(device).flatten()
    return cross_entropy(logits.flatten(0, 1), targets), state


# --8<-- [end:loss]


def to_perplexity(loss: float) -> float:
    """Return e to the loss; infinity where that is too large for a float.

    Args:
        loss: Mean cross entropy in nats a symbol.

    Returns:
        The perplexity.

    Examples:
        >>> to_perplexity(0.0), to_perplexity(1e9)
        (1.0, inf)

    Source:
        Jelinek et al. (1977).

    Differs:
        nothing
    """
    return math.exp(loss) if loss < 700 else math.inf


def detach(state: Any) -> Any:
    """Cut a state off from the graph that it was computed in.

    Args:
        state: A tensor, `None`, or tuples of them.

    Returns:
        The same values, without their past.

    Examples:
        >>> detach((torch.ones(1, requires_grad=True), None))
        (tensor([1.]), None)

    Source:
        This project.

    Differs:
        nothing
    """
    if isinstance(state, tuple):
        return tuple(detach(part) for part in state)
    return state if state is None else state.detach()


@torch.no_grad()
def perplexity(
    model: nn.Module,
    ids: Int[Tensor, " length"],
    *,
    batch_size: int = 1,
    window: int = 512,
) -> float:
    r"""Judge a model on a text that it has not seen.

    $$ \exp\Bigl(-\frac{1}{T} \sum_{t=1}^{T} \log p(w_t \mid w_0 \dots
    w_{t-1})\Bigr) \tag{1} $$

    The model reads the text from beginning to end and keeps its state.

    Args:
        model: The model; it is put into evaluation mode for the reading.
        ids: The text; its first symbol is read, but not predicted.
        batch_size: How many strips to read at once; each begins without a
            state, so more strips are faster and a little pessimistic.
        window: How many steps to compute at once; it changes nothing else.

    Returns:
        The perplexity: as unsure as a fair choice among so many symbols.

    Raises:
        ValueError: X06 if the text has no symbol to predict.

    Examples:
        >>> from pfs.recipes.char_rnn import CHAR_RNN, CharRNN
        >>> model = CharRNN(28, CHAR_RNN)  # not trained: about 28
        >>> 20 < perplexity(model, torch.arange(28)) < 40
        True

    Source:
        Jelinek et al. (1977).

    Differs:
        nothing
    """
    was_training = model.training
    model.eval()
    state, nats, count = None, 0.0, 0
    for batch in sequential_batches(ids, batch_size, window):
        loss, state = next_symbol_loss(model, batch, state)
        nats += loss.item() * batch.targets.numel()
        count += batch.targets.numel()
    model.train(was_training)
    return to_perplexity(nats / count)
