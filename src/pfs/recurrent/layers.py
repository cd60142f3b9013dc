r"""What every recurrent layer shares: layers, directions, lengths, names.

A network of its own brings one thing: how one direction of one layer walks
through time (`_unroll`). Everything around that walk stands here once.
"""

import math
import warnings
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from pfs.backend import fused
from pfs.nn import checks
from pfs.nn.dropout import dropout
from pfs.nn.linear import linear
from pfs.recurrent.inputs import (
    Lengths,
    check_input,
    check_state,
    check_steps,
    to_lengths,
)
from pfs.recurrent.rows import blank, ends, reverse
from pfs.shapes import Float, Int, Tensor

States = tuple[Tensor, ...]
"""The tensors that a network carries: one for an RNN, two for an LSTM."""
Weights = dict[str, Tensor]
"""The parameters of one direction of one layer, by torch's names."""


def draw_uniform(module: nn.Module, hidden_size: int) -> None:
    r"""Draw all parameters from $U(-1/\sqrt{h}, 1/\sqrt{h})$, as torch does."""
    bound = 1 / math.sqrt(hidden_size)
    for parameter in module.parameters():
        nn.init.uniform_(parameter, -bound, bound)


class RecurrentLayers(nn.Module):
    """Layers and directions of a recurrent network; see `RNN` for the words.

    Args:
        gates: How many vectors of the size of the state one step computes.
        input_size: Number of features of one input vector.
        hidden_size: Number of units of a state.
        num_layers: Number of layers.
        bias: Whether to add biases.
        batch_first: Whether axis 0 of input and output is the batch.
        dropout: The share dropped between layers while training.
        bidirectional: Whether to read from both ends.
        device: Where the parameters live.
        dtype: Their floating dtype.
        proj_size: Number of features a state is projected to; 0 for none.
        extra: Further parameters of each direction and their shapes.

    Raises:
        ValueError: A01 if a size or share is out of range.

    Examples:
        >>> from pfs.recurrent.rnn import RNN
        >>> isinstance(RNN(3, 5), RecurrentLayers)
        True

    Source:
        `torch.nn.RNNBase`, for the names of the parameters.

    Differs:
        nothing
    """

    def __init__(
        self,
        gates: int,
        input_size: int,
        hidden_size: int,
        num_layers: int,
        bias: bool,
        batch_first: bool,
        dropout: float,
        bidirectional: bool,
        device: Any,
        dtype: Any,
        proj_size: int = 0,
        extra: Mapping[str, tuple[int, ...]] | None = None,
    ) -> None:
        super().__init__()
        self.name = type(self).__name__
        checks.positive(
            self.name,
            input_size=input_size,
            hidden_size=hidden_size,
            num_layers=num_layers,
        )
        checks.probability(self.name, "dropout", dropout)
        if dropout and num_layers == 1:
            warnings.warn(
                "dropout acts between layers: with num_layers=1 it does "
                f"nothing, but dropout={dropout}",
                stacklevel=3,
            )
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = dropout
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        rows, width = gates * hidden_size, proj_size or hidden_size
        shapes: dict[str, tuple[int, ...]] = {"weight_hh": (rows, width)}
        if bias:
            shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
        shapes |= extra or {}
        self._names = ("weight_ih", *shapes)
        for layer in range(num_layers):
            size = width * self._directions if layer else input_size
            for end in self._ends(layer):
                for name in self._names:
                    shape = shapes.get(name, (rows, size))
                    value = torch.empty(shape, device=device, dtype=dtype)
                    self.register_parameter(
                        f"{name}_{end}", nn.Parameter(value)
                    )
        self.reset_parameters()

    @property
    def _directions(self) -> int:
        return 2 if self.bidirectional else 1

    @property
    def _sizes(self) -> tuple[int, ...]:
        """The sizes of the carried tensors."""
        return (self.hidden_size,)

    @property
    def _has_kernel(self) -> bool:
        """Whether torch has a kernel for this form of the network."""
        return True

    def _ends(self, layer: int) -> list[str]:
        """Return how torch ends the names of a layer's parameters."""
        return [f"l{layer}", f"l{layer}_reverse"][: self._directions]

    def reset_parameters(self) -> None:
        r"""Draw all parameters from $U(-1/\sqrt{h}, 1/\sqrt{h})$."""
        draw_uniform(self, self.hidden_size)

    def flatten_parameters(self) -> None:
        """Do nothing: torch's twin puts its weights in order for cuDNN."""

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        words = f"{self.input_size}, {self.hidden_size}"
        for name, default in (
            ("proj_size", 0),
            ("num_layers", 1),
            ("bias", True),
            ("batch_first", False),
            ("dropout", 0.0),
            ("bidirectional", False),
        ):
            if getattr(self, name) != default:
                words += f", {name}={getattr(self, name)}"
        return words

    def _shift(self, weights: Weights) -> Tensor | None:
        """Return what is added to the product with the input."""
        if not self.bias:
            return None
        return weights["bias_ih"] + weights["bias_hh"]

    def _unroll(
        self,
        drive: Float[Tensor, "time batch gates"],
        state: States,
        weights: Weights,
    ) -> States:
        """Walk one direction; return every carried tensor at every step."""
        raise NotImplementedError

    def _kernel(
        self,
        x: Tensor,
        state: States,
        weights: Weights,
        steps: Int[Tensor, " batch"] | None,
    ) -> States:
        """Do what `_unroll` does, product with the input included."""
        raise NotImplementedError

    def _first(
        self, hx: States | None, input: Tensor, batch: int, alone: bool
    ) -> list[Tensor]:
        """Return the states to begin with, after a look at each of them."""
        weight: Tensor = getattr(self, "weight_ih_l0")  # noqa: B009
        rows = self.num_layers * self._directions
        if hx is None:
            return [weight.new_zeros(rows, batch, n) for n in self._sizes]
        middle = () if alone else (batch,)
        for place, (h, size) in enumerate(zip(hx, self._sizes, strict=True)):
            name = "hx" if len(hx) == 1 else f"hx[{place}]"
            check_state(self.name, h, (rows, *middle, size), input, name)
        first = [h.unsqueeze(1) if alone else h for h in hx]
        return [h.to(weight.dtype) for h in first]

    # --8<-- [start:read]
    def _read(
        self, input: Tensor, hx: States | None, lengths: Lengths
    ) -> tuple[Tensor, States]:
        """Read sequences through all layers; return states and last states."""
        weight: Tensor = getattr(self, "weight_ih_l0")  # noqa: B009
        check_input(self.name, input, self.input_size, weight, (2, 3))
        alone = input.ndim == 2
        x = input.unsqueeze(1) if alone else input
        if self.batch_first and not alone:
            x = x.transpose(0, 1)
        time, batch = x.shape[:2]
        check_steps(self.name, time, input)
        first = self._first(hx, input, batch, alone)
        steps = to_lengths(self.name, lengths, time, batch, x.device)
        x = blank(x, steps)

        last: list[States] = []
        for layer in range(self.num_layers):
            if layer:
                x = dropout(x, self.dropout, self.training)
            sides = []
            for direction, end in enumerate(self._ends(layer)):
                start = tuple(h[len(last)] for h in first)
                side, stop = self._side(x, start, end, direction == 1, steps)
                sides.append(side)
                last.append(stop)
            x = torch.cat(sides, -1) if len(sides) > 1 else sides[0]
        if self.batch_first and not alone:
            x = x.transpose(0, 1)
        h_n = tuple(torch.stack(h) for h in zip(*last, strict=True))
        if alone:
            return x.squeeze(1), tuple(h.squeeze(1) for h in h_n)
        return x, h_n

    # --8<-- [end:read]

    def _side(
        self,
        x: Float[Tensor, "time batch input"],
        start: States,
        end: str,
        backwards: bool,
        steps: Int[Tensor, " batch"] | None,
    ) -> tuple[Float[Tensor, "time batch hidden"], States]:
        """Run one direction of one layer; return its states and its end."""
        seen = reverse(x, steps) if backwards else x
        weights = {n: getattr(self, f"{n}_{end}") for n in self._names}
        W, U = weights["weight_ih"], weights["weight_hh"]
        if fused() and self._has_kernel:
            walked = self._kernel(seen, start, weights, steps)
            states = tuple(state.to(U.dtype) for state in walked)
        else:
            drive: Float[Tensor, "time batch gates"] = linear(seen, W)
            if (shift := self._shift(weights)) is not None:
                drive += shift.to(drive.dtype)  # in its place: it is new
            # Under autocast the product is in half precision, the loop not.
            states = self._unroll(drive.to(U.dtype), start, weights)
        h = blank(states[0], steps)
        return reverse(h, steps) if backwards else h, ends(states, steps)
