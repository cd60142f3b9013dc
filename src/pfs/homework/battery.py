"""What an exercise asks of an answer: the words of a `check.py`.

A `check.py` defines `CHECK = Battery(...)`. Everything in it is a function of
tensors; what is a class becomes one by `adapt`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

Call = Callable[..., Any]


class Draw:
    """Random inputs in float64, the same for the same seed.

    Args:
        seed: Decides them.
    """

    def __init__(self, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)

    def normal(self, *shape: int) -> Tensor:
        """Return standard normal numbers."""
        return torch.randn(shape, generator=self.generator, dtype=torch.float64)

    def uniform(self, *shape: int) -> Tensor:
        """Return numbers from 0 to 1."""
        return torch.rand(shape, generator=self.generator, dtype=torch.float64)

    def whole(self, high: int, *shape: int, low: int = 0) -> Tensor:
        """Return whole numbers from `low`, below `high`."""
        return torch.randint(low, high, shape, generator=self.generator)

    def truth(self, *shape: int, share: float = 0.5) -> Tensor:
        """Return True with a probability."""
        return self.uniform(*shape) < share

    def seed(self) -> int:
        """Return a seed for something else."""
        return int(self.whole(2**31 - 1))


Cases = Callable[[Draw], Iterator[tuple[Any, ...]]]
Invariant = Callable[[Call, Draw], bool]


@dataclass(frozen=True)
class Battery:
    """The checks of one exercise, in the order of `judge`."""

    cases: Cases
    """Arguments: four and more shapes, with 1, with primes, with equal sizes.
    Floats in float64. The first case is the plainest: a learner meets it."""
    oracle: Call | None = None
    """What is right: torch, another library or a formula, never only ours.
    None if only the invariants decide, as for random numbers."""
    adapt: Call | None = None
    """Makes a function of tensors out of what the learner wrote."""
    edges: Cases | None = None
    """Arguments that are large, equal, empty or infinite."""
    invariants: Mapping[str, Invariant] = field(default_factory=dict)
    """What always holds; the name has its words in `task.toml`."""
    learns: Invariant | None = None
    """A short training that must get somewhere."""
    gradient: tuple[int, ...] | None = None
    """Which arguments have one; None for all floating ones, () for none."""
    forbid: tuple[str, ...] = ()
    """What may not be used: `softmax` for torch's operators, `pfs.nn.softmax`
    or `torch.nn.functional` for functions and modules of Python."""
    dtypes: tuple[str, ...] = ("float32", "bfloat16", "float16")
    """In which other precisions it must work."""
    meta: bool = True
    """Whether it must work without data, on the device `meta`: an answer that
    makes tensors on a fixed device fails there."""
    layouts: bool = True
    """Whether it must work on tensors that are not contiguous."""
    names: tuple[str, ...] = ()
    """Of the arguments, for messages; else those of the function in `start.py`
    or of the oracle."""
    tolerance: float = 1e-9
    """Of float64, relative and absolute."""

    def differentiated(self, case: tuple[Any, ...]) -> tuple[int, ...]:
        """Return which arguments of a case have a gradient."""
        if self.gradient is not None:
            return self.gradient
        return tuple(
            place
            for place, a in enumerate(case)
            if isinstance(a, Tensor) and a.is_floating_point()
        )


class WrongParameters(Exception):
    """The parameters of a class are not those that were asked for."""


class NoModule(TypeError):
    """The class does not inherit from `nn.Module`."""


def run_module(module: Any, weights: Mapping[str, Tensor], *inputs: Any) -> Any:
    """Run a module with given weights.

    Args:
        module: The learner's.
        weights: By the names that the task asks for.
        inputs: Of its `forward`.

    Returns:
        What `forward` returns.

    Raises:
        NoModule: If the learner's class is no module.
        WrongParameters: If names or shapes differ from those of `weights`.
    """
    if not isinstance(module, nn.Module):
        raise NoModule(type(module).__name__)
    own = dict(module.named_parameters()) | dict(module.named_buffers())
    got = {name: tuple(tensor.shape) for name, tensor in own.items()}
    expected = {name: tuple(tensor.shape) for name, tensor in weights.items()}
    if got != expected:
        raise WrongParameters(expected, got)
    return torch.func.functional_call(module, dict(weights), inputs)
