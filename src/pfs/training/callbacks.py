"""What a run does after its steps besides training."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from torch import nn

from pfs.training.checkpoint import write_checkpoint
from pfs.training.distributed import ALONE, Processes
from pfs.training.faults import diverged
from pfs.training.keeping import prune_checkpoints
from pfs.training.trainer import Remembering, Step, Trainer


@dataclass(frozen=True)
class Point:
    """How good a model is at one moment of a run."""

    step: int
    """After which step."""
    train: float
    """Mean loss of the steps since the point before, while training."""
    held_out: float
    """What was measured on held-out data; lower is better."""


class Evaluation(Remembering):
    """Measures the model on held-out data now and then, and keeps the curve.

    Args:
        measure: Takes the model, returns a number; lower is better.
        every: After how many steps to measure.
        watch: Called with every new point.

    Raises:
        ValueError: T04, when called, if the number is not finite.

    Examples:
        >>> evaluation = Evaluation(lambda model: 7.0, every=5)
        >>> evaluation.measure_now(nn.Identity(), step=3).held_out
        7.0

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(
        self,
        measure: Callable[[nn.Module], float],
        every: int,
        watch: Callable[[Point], None] = lambda point: None,
    ) -> None:
        self.measure, self.every, self.watch = measure, every, watch
        self.points: list[Point] = []
        self._sum, self._count = 0.0, 0

    def __call__(self, trainer: Trainer, step: Step) -> None:
        """Note the loss, and measure if it is time.

        Args:
            trainer: The run.
            step: The step that was made.
        """
        self._sum += step.loss
        self._count += 1
        if step.number % self.every == 0 or step.number == trainer.steps:
            self.measure_now(trainer.model, step.number, trainer.group)

    def measure_now(
        self, model: nn.Module, step: int, group: Processes = ALONE
    ) -> Point:
        """Add a point to the curve.

        Args:
            model: The model.
            step: After which step it is measured.
            group: The processes, which all take the first one's number.

        Returns:
            The point.
        """
        train = self._sum / self._count if self._count else math.nan
        held_out = group.gather(self.measure(model))[0]
        point = Point(step, train, held_out)
        if not math.isfinite(point.held_out):
            raise diverged(
                f"step {step}",
                f"what was measured on held-out data is {point.held_out}",
            )
        self.points.append(point)
        self._sum, self._count = 0.0, 0
        self.watch(point)
        return point

    def at(self, step: int) -> float | None:
        """Return what was measured after a step, `None` if nothing was.

        Args:
            step: The number of the step.
        """
        last = self.points[-1] if self.points else None
        return last.held_out if last and last.step == step else None

    def state(self) -> dict[str, Any]:
        """Return the curve, and the losses since its last point."""
        points = [asdict(point) for point in self.points]
        return {"points": points, "sum": self._sum, "count": self._count}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take the curve back.

        Args:
            state: What `state` returned.
        """
        self.points = [Point(**point) for point in state["points"]]
        self._sum, self._count = state["sum"], state["count"]


class Checkpoints:
    """Saves the run now and then, at its end, and when it was never better.

    It must be the last callback, so that what the others remember is as it
    is after the step. The last two checkpoints and the best one are kept.

    Args:
        folder: Where the checkpoints go.
        every: After how many steps to save.
        about: What else belongs into a checkpoint, such as the config.
        evaluation: Whose measurements say which checkpoint is the best.

    Raises:
        OSError: T02, when called, if a checkpoint cannot be written.

    Examples:
        >>> Checkpoints(Path("somewhere"), every=100, about={}).every
        100

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(
        self,
        folder: Path,
        every: int,
        about: Mapping[str, Any],
        evaluation: Evaluation | None = None,
    ) -> None:
        self.folder, self.every, self.about = folder, every, dict(about)
        self.evaluation = evaluation

    def __call__(self, trainer: Trainer, step: Step) -> None:
        """Save if it is time.

        Args:
            trainer: The run; all its processes call this in the same step.
            step: The step that was made.
        """
        last = step.number == trainer.steps or trainer.stopped
        if step.number % self.every == 0 or last or self._is_best(step.number):
            self.save(trainer)

    def save(self, trainer: Trainer) -> None:
        """Write a checkpoint now, and remove those that are not needed.

        Args:
            trainer: The run.
        """
        tensors, state = trainer.state()
        if not trainer.group.first:
            return
        measured = self.evaluation.at(trainer.step) if self.evaluation else None
        about = {**self.about, **state, "metric": measured}
        write_checkpoint(self.folder, trainer.step, tensors, about)
        prune_checkpoints(self.folder)

    def _is_best(self, step: int) -> bool:
        measured = self.evaluation.at(step) if self.evaluation else None
        if self.evaluation is None or measured is None:
            return False
        return measured <= min(p.held_out for p in self.evaluation.points)


def linear_decay(steps: int) -> Callable[[int], float]:
    r"""Let the learning rate fall in a straight line to 0.

    $$ \eta_t = \eta_0 \Bigl(1 - \frac{t - 1}{T}\Bigr) \tag{1} $$

    Args:
        steps: How many steps $T$ the run has.

    Returns:
        The factor of the learning rate in step $t$ = 1, 2, ...

    Examples:
        >>> factor = linear_decay(4)
        >>> factor(1), factor(3), factor(5)
        (1.0, 0.5, 0.0)

    Source:
        This project.

    Differs:
        `torch.optim.lr_scheduler.LinearLR` is an object with a state of its
        own; this is a function of the number of the step.
    """

    def factor(step: int) -> float:
        return max(0.0, 1 - (step - 1) / steps)  # (1)

    return factor


def warmup_then_decay(warmup: int, steps: int) -> Callable[[int], float]:
    r"""Let the learning rate rise in a straight line, then fall to 0.

    $$ \eta_t = \eta_0 \min\Bigl(\frac{t}{W}, \frac{T - t + 1}{T - W + 1}\Bigr)
    \tag{1} $$

    Args:
        warmup: In how many steps $W$ it rises, 1 or more.
        steps: How many steps $T$ the run has; if $W$ is not less, it only
            rises.

    Returns:
        The factor of the learning rate in step $t$ = 1, 2, ...

    Examples:
        >>> factor = warmup_then_decay(2, 5)
        >>> [factor(t) for t in (1, 2, 4, 6)]
        [0.5, 1.0, 0.5, 0.0]

    Source:
        Devlin et al. (2019), appendix A.2: warm-up, then linear decay.

    Differs:
        nothing
    """

    def factor(step: int) -> float:
        falling = (steps - step + 1) / max(1, steps - warmup + 1)
        return max(0.0, min(step / warmup, falling))  # (1)

    return factor


def warmup_then_cosine(warmup: int, steps: int) -> Callable[[int], float]:
    r"""Let the learning rate rise in a straight line, then fall as a cosine.

    $$ \eta_t = \eta_0 \begin{cases} t / W & t \le W \\
    \frac12 \Bigl(1 + \cos \pi \frac{t - W}{T - W + 1}\Bigr) & t > W
    \end{cases} \tag{1} $$

    Args:
        warmup: In how many steps $W$ it rises; 0 for none.
        steps: How many steps $T$ the run has; if $W$ is not less, it only
            rises.

    Returns:
        The factor of the learning rate in step $t$ = 1, 2, ...

    Examples:
        >>> factor = warmup_then_cosine(2, 5)
        >>> [round(factor(t), 3) for t in (1, 2, 4, 6)]
        [0.5, 1.0, 0.5, 0.0]

    Source:
        Loshchilov & Hutter (2017), equation 5, without restarts.

    Differs:
        nothing
    """

    def factor(step: int) -> float:
        if step <= warmup:
            return step / warmup
        gone = min(1.0, (step - warmup) / max(1, steps - warmup + 1))
        return (1 + math.cos(math.pi * gone)) / 2  # (1)

    return factor
