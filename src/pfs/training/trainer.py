r"""The loop that trains a model, and nothing else.

What is not the loop (progress, evaluation, logs, checkpoints) is a callback.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import nn
from torch.optim import Optimizer

from pfs.data.streams import Stream, place_of
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.optim import clip_grads_with_norm_, get_total_norm
from pfs.shapes import Float, Tensor
from pfs.training.distributed import ALONE, Processes
from pfs.training.faults import memory_named, refuse_infinite
from pfs.training.state import (
    Tensors,
    load_optimizer_state,
    load_random_state,
    optimizer_state,
    pack,
    random_state,
    unpack,
)

PRECISIONS: Final = ("float32", "float64", "bf16")
"""What the numbers of a run can be; `bf16` is autocast over float32."""


@dataclass(frozen=True)
class Step:
    """What happened in one step of training."""

    number: int
    """Which step it was, from 1."""
    loss: float
    """Loss of its batch, averaged over all processes."""
    grad_norm: float
    """Length of the gradient before it was clipped."""
    lr: float
    """The learning rate, of the first group of parameters."""


Callback = Callable[[Any, Step], None]
"""Called with the trainer after every step, for whatever is not the loop."""


class Remembering(ABC):
    """A callback with something that must survive a resume."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """Return what must survive, as plain JSON."""

    @abstractmethod
    def load_state(self, state: dict[str, Any]) -> None:
        """Take it back.

        Args:
            state: What `state` returned.
        """


LossFunction = Callable[[nn.Module, Any, Any], tuple[Float[Tensor, ""], Any]]
"""Takes model, batch and what the batch before has left (`None` at first);
returns the loss and what it leaves to the next, such as a state."""


class Trainer:
    """Moves a model against the gradient of a loss, batch by batch.

    Args:
        model: The model, on its device.
        optimizer: Moves the model's parameters.
        batches: Where the batches come from, and where it stands.
        loss: What shall become small.
        steps: How many steps to make.
        clip: The length that a longer gradient is shortened to.
        accumulate: How many batches make one step.
        schedule: Factor of the learning rate in step 1, 2, ...
        precision: One of `PRECISIONS`.
        compile: Whether `torch.compile` shall compile the model.
        callbacks: Called after every step with trainer and step.
        stop: Asked after every step whether to end here.
        group: The processes that train together.

    Raises:
        ValueError: A01 if a number is out of range.

    Examples:
        >>> from pfs.data.streams import ExampleStream
        >>> from pfs.optim import SGD
        >>> model = nn.Linear(1, 1)
        >>> batches = ExampleStream((torch.ones(8, 1),), 4, seed=0)
        >>> def square(model, batch, _):
        ...     return model(batch[0]).square().mean(), None
        >>> optimizer = SGD(model.parameters(), lr=0.1)
        >>> trainer = Trainer(model, optimizer, batches, square, steps=3)
        >>> trainer.fit()
        >>> trainer.step
        3

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: Optimizer,
        batches: Stream,
        loss: LossFunction,
        *,
        steps: int,
        clip: float = math.inf,
        accumulate: int = 1,
        schedule: Callable[[int], float] = lambda step: 1.0,
        precision: str = "float32",
        compile: bool = False,
        callbacks: Iterable[Callback] = (),
        stop: Callable[[], bool] = lambda: False,
        group: Processes = ALONE,
    ) -> None:
        checks.positive("Trainer", steps=steps, accumulate=accumulate)
        if precision not in PRECISIONS:
            raise _unknown_precision(precision)
        self.model, self.optimizer, self.batches = model, optimizer, batches
        self.loss, self.steps, self.clip = loss, steps, clip
        self.accumulate, self.schedule = accumulate, schedule
        self.precision = precision
        self.callbacks: tuple[Any, ...] = tuple(callbacks)
        self.stop, self.group = stop, group
        self.step = 0
        self.carry: Any = None
        self.stopped = False
        self._first_lr = [g["lr"] for g in optimizer.param_groups]
        runs: Any = torch.compile(model) if compile else model
        self._runs = group.wrap(runs)

    # --8<-- [start:loop]
    def fit(self) -> None:
        """Train to the last step, or until somebody asks to stop.

        Raises:
            ValueError: T04 if the loss or a gradient is not finite; the
                parameters are those before that step.
            RuntimeError: T12 if the memory is not enough.
        """
        self.model.train()
        self.optimizer.zero_grad()
        while self.step < self.steps and not self.stopped:
            self._set_lr(self.schedule(self.step + 1))
            loss = torch.zeros((), dtype=torch.float64)
            for _ in range(self.accumulate):
                batch = next(self.batches)
                with memory_named(self.step + 1, batch):
                    with self._autocast():
                        part, self.carry = self.loss(
                            self._runs, batch, self.carry
                        )
                    (part / self.accumulate).backward()
                loss += part.detach().cpu() / self.accumulate

            parameters = [*self.model.parameters()]
            norm = get_total_norm(p.grad for p in parameters)
            loss, stop = self.group.mean(torch.stack([loss, self._asked()]))
            refuse_infinite(self, batch, loss, norm)
            clip_grads_with_norm_(parameters, self.clip, norm)
            self.optimizer.step()
            self.optimizer.zero_grad()
            self.step += 1
            self.stopped = stop > 0

            done = Step(self.step, loss.item(), norm.item(), self.lr)
            for callback in self.callbacks:
                callback(self, done)

    # --8<-- [end:loop]

    @property
    def lr(self) -> float:
        """The learning rate, of the first group of parameters."""
        return float(self.optimizer.param_groups[0]["lr"])

    def state(self) -> tuple[Tensors, dict[str, Any]]:
        """Write down everything that decides how the run goes on.

        Every process must call it; the carries of all are put side by side.

        Returns:
            Tensors by name and plain JSON, for `write_checkpoint`.
        """
        tensors = {f"model.{k}": t for k, t in self.model.state_dict().items()}
        moments, optimizer = optimizer_state(self.optimizer)
        tensors |= {f"optimizer.{k}": t for k, t in moments.items()}

        own: Tensors = {}
        numbers, rest = random_state()
        own |= {f"random.{k}": t for k, t in numbers.items()}
        about = {"random": rest, "carry": pack(self.carry, own, "carry")}
        own = {k: t.detach().cpu() for k, t in own.items()}
        everyone = self.group.gather((own, about))
        for rank, (theirs, _) in enumerate(everyone):
            tensors |= {f"rank{rank}.{k}": t for k, t in theirs.items()}
        return tensors, {
            "optimizer": optimizer,
            "stream": place_of(self.batches),
            "ranks": [theirs for _, theirs in everyone],
            "callbacks": {
                type(c).__name__: c.state()
                for c in self.callbacks
                if isinstance(c, Remembering)
            },
        }

    def load_state(self, tensors: Tensors, state: dict[str, Any]) -> None:
        """Go on from where `state` was called.

        With another number of processes the run goes on as well, but with
        other random numbers, and what a batch leaves to the next begins anew.

        Args:
            tensors: The tensors.
            state: The rest, with the number of the `step`.
        """
        part = _part(tensors, "model.")
        self.model.load_state_dict(part)
        moments = _part(tensors, "optimizer.")
        load_optimizer_state(self.optimizer, moments, state["optimizer"])
        self.batches.go_to(**state["stream"])
        self.step = state["step"]
        for callback in self.callbacks:
            kept = state["callbacks"].get(type(callback).__name__)
            if isinstance(callback, Remembering) and kept is not None:
                callback.load_state(kept)
        if len(state["ranks"]) == self.group.size:
            own = _part(tensors, f"rank{self.group.rank}.")
            about = state["ranks"][self.group.rank]
            device = next(self.model.parameters()).device
            carry = {k: t.to(device) for k, t in own.items()}
            self.carry = unpack(about["carry"], carry)
            load_random_state(_part(own, "random."), about["random"])

    def _set_lr(self, factor: float) -> None:
        for group, lr in zip(
            self.optimizer.param_groups, self._first_lr, strict=True
        ):
            group["lr"] = lr * factor

    def _autocast(self) -> AbstractContextManager[Any]:
        if self.precision != "bf16":
            return nullcontext()
        return torch.autocast(self.group.device.type, dtype=torch.bfloat16)

    def _asked(self) -> Float[Tensor, ""]:
        return torch.tensor(float(self.stop()), dtype=torch.float64)


def _part(tensors: Tensors, prefix: str) -> Tensors:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }


def _unknown_precision(got: str) -> PfsValueError:
    return PfsValueError(
        "A01",
        where="precision",
        expected=", ".join(PRECISIONS),
        got=repr(got),
        todo="choose one of these",
    )
