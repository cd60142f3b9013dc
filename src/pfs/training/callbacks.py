"""What a training run does besides training: called after every step."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from torch import nn
from torch.optim import Optimizer

from pfs.shapes import Int, Tensor
from pfs.training.language import (
    Callback,
    Step,
    diverged,
    perplexity,
    to_perplexity,
)


def linear_decay(optimizer: Optimizer, steps: int) -> Callback:
    r"""Let the learning rate fall in a straight line to 0.

    $$ \eta_t = \eta_0 \Bigl(1 - \frac{t}{T}\Bigr) \tag{1} $$

    Args:
        optimizer: Whose learning rate falls.
        steps: After how many steps $T$ it is 0.

    Returns:
        The callback.

    Examples:
        >>> import torch
        >>> from pfs.optim import SGD
        >>> optimizer = SGD([torch.nn.Parameter(torch.zeros(1))], lr=2.0)
        >>> linear_decay(optimizer, steps=4)(Step(1, 0.0, 0.0))
        >>> optimizer.param_groups[0]["lr"]
        1.5

    Source:
        This project.

    Differs:
        `torch.optim.lr_scheduler.LinearLR` is an object with a state of its
        own; this one computes the rate from the number of the step.
    """
    first = [group["lr"] for group in optimizer.param_groups]

    def fall(step: Step) -> None:
        for group, lr in zip(optimizer.param_groups, first, strict=True):
            group["lr"] = lr * max(0.0, 1 - step.number / steps)  # (1)

    return fall


@dataclass(frozen=True)
class Point:
    """How good a model is at one moment of a run."""

    step: int
    """After which step."""
    train: float
    """Perplexity of the windows since the point before, while training."""
    held_out: float
    """Perplexity on the held-out text."""


class Curve:
    """Reads the held-out text now and then, and keeps what came out.

    Args:
        model: The model in training.
        judged: The held-out text, with one symbol before it.
        every: After how many steps to read it.
        watch: Called with every new point.

    Raises:
        ValueError: T04, when called, if a perplexity is not finite.

    Examples:
        >>> import torch
        >>> from pfs.recipes.char_rnn import CHAR_RNN, CharRNN
        >>> curve = Curve(CharRNN(2, CHAR_RNN), torch.tensor([0, 1] * 9), 5)
        >>> curve(Step(1, 0.7, 1.0))
        >>> curve.finish()
        >>> [point.step for point in curve.points]
        [1]

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(
        self,
        model: nn.Module,
        judged: Int[Tensor, " length"],
        every: int,
        watch: Callable[[Point], None] = lambda point: None,
    ) -> None:
        self.model = model
        self.judged = judged
        self.every = every
        self.watch = watch
        self.points: list[Point] = []
        self._losses: list[float] = []
        self._step = 0

    def __call__(self, step: Step) -> None:
        """Note the loss, and read the held-out text if it is time.

        Args:
            step: The step that was made.
        """
        self._step = step.number
        self._losses.append(step.loss)
        if step.number % self.every == 0:
            self._read()

    def finish(self) -> None:
        """Read the held-out text once more, unless it was read just now."""
        if self._losses or not self.points:
            self._read()

    def _read(self) -> None:
        mean = sum(self._losses) / max(1, len(self._losses))
        train = to_perplexity(mean)
        held_out = perplexity(self.model, self.judged)
        if not math.isfinite(held_out):
            what = f"the perplexity on held-out text is {held_out}"
            raise diverged(self._step, what)
        self.points.append(Point(self._step, train, held_out))
        self._losses.clear()
        self.watch(self.points[-1])
