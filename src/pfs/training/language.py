r"""Train a model of language, and judge it.

A model of language takes ids (batch, time) and a state, `None` at first, and
returns logits (batch, time, vocab) and the state after the last step.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from pfs.data.batches import Batch, sequential_batches
from pfs.errors import PfsValueError
from pfs.nn import cross_entropy
from pfs.optim import clip_grad_norm_
from pfs.shapes import Int, Tensor


@dataclass(frozen=True)
class Step:
    """What happened in one step of training."""

    number: int
    """Which step it was, from 1."""
    loss: float
    """Mean cross entropy of its batch, in nats a symbol."""
    grad_norm: float
    """Length of the gradient before it was clipped."""

    @property
    def perplexity(self) -> float:
        """As unsure as a fair choice among so many symbols."""
        return to_perplexity(self.loss)


Callback = Callable[[Step], None]
"""Called after every step, for whatever is not the loop: progress, logs."""


# --8<-- [start:loop]
def train_language_model(
    model: nn.Module,
    batches: Iterable[Batch],
    optimizer: Optimizer,
    *,
    steps: int,
    clip: float,
    callbacks: Iterable[Callback] = (),
) -> None:
    """Train by backpropagation through time, truncated at every window.

    The state goes from window to window, the gradient does not: `detach` cuts
    it, so a step costs one window however long the text is.

    Args:
        model: The model.
        batches: Windows; training ends with them if they end.
        optimizer: Moves the model's parameters.
        steps: How many windows to train on, at most.
        clip: The length that the gradient is shortened to.
        callbacks: Called after every step.

    Raises:
        ValueError: T04 if the loss or a gradient is not finite; the parameters
            are those before that step.

    Examples:
        >>> from pfs.optim import SGD
        >>> from pfs.recipes.char_rnn import CHAR_RNN, CharRNN
        >>> model = CharRNN(3, CHAR_RNN)
        >>> batches = sequential_batches(torch.tensor([0, 1, 2] * 9), 2, 5)
        >>> optimizer = SGD(model.parameters(), lr=1.0)
        >>> train_language_model(model, batches, optimizer, steps=9, clip=1.0)

    Source:
        Werbos (1990); Mikolov et al. (2010) for the truncation in language
        models; Pascanu, Mikolov & Bengio (2013) for the clipping.

    Differs:
        nothing
    """
    model.train()
    callbacks = tuple(callbacks)
    state = None
    for number, batch in enumerate(islice(batches, steps), 1):
        state = None if batch.first else detach(state)
        logits, state = model(batch.inputs, state)
        loss = cross_entropy(logits.flatten(0, 1), batch.targets.flatten())

        optimizer.zero_grad()
        loss.backward()
        norm = clip_grad_norm_(model.parameters(), clip)
        refuse_infinite(number, loss, norm, model)
        optimizer.step()

        for callback in callbacks:
            callback(Step(number, loss.item(), norm.item()))


# --8<-- [end:loop]


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
        The same values without a history.

    Examples:
        >>> h = torch.ones(2, requires_grad=True) * 2
        >>> detach((h, None))[0].requires_grad
        False

    Source:
        This project.

    Differs:
        nothing
    """
    if isinstance(state, tuple):
        return tuple(detach(part) for part in state)
    return state if state is None else state.detach()


def refuse_infinite(
    number: int, loss: Tensor, norm: Tensor, model: nn.Module
) -> None:
    """Stop before an update that would fill the weights with NaN.

    Args:
        number: The step.
        loss: Its loss.
        norm: The length of its gradient.
        model: Whose parameters have the gradients.

    Raises:
        ValueError: T04 if one of them is not finite.

    Examples:
        >>> model = nn.Sequential()
        >>> refuse_infinite(7, torch.tensor(1.0), torch.tensor(1.0), model)

    Source:
        This project.

    Differs:
        nothing
    """
    if loss.isfinite() and norm.isfinite():
        return
    bad = [
        name
        for name, parameter in model.named_parameters()
        if parameter.grad is not None and not parameter.grad.isfinite().all()
    ]
    what = f"the loss is {loss.item()}"
    if loss.isfinite():
        what = f"the gradient of {bad[0] if bad else 'all'} is not finite"
    raise diverged(number, what)


def diverged(number: int, what: str) -> PfsValueError:
    """Describe a run that has left the finite numbers (T04).

    Args:
        number: The step.
        what: What is not finite.

    Returns:
        The error, to be raised.

    Examples:
        >>> diverged(7, "the loss is nan").where
        'training, step 7'

    Source:
        This project.

    Differs:
        nothing
    """
    return PfsValueError(
        "T04",
        where=f"training, step {number}",
        expected="a finite loss and gradient",
        got=what,
        todo="use a smaller learning rate (lr) or a smaller clip",
    )


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
        logits, state = model(batch.inputs, None if batch.first else state)
        loss = cross_entropy(logits.flatten(0, 1), batch.targets.flatten())
        nats += loss.item() * batch.targets.numel()
        count += batch.targets.numel()
    model.train(was_training)
    return to_perplexity(nats / count)
