r"""What every recurrent layer shares: layers, directions, lengths, names.

A network of its own brings one thing: how one direction of one layer walks
through time (`_unroll`). Everything around that walk stands here once.
"""

import math
import warnings
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
from pfs.shapes import Float, Int, Tensor

States = tuple[Tensor, ...]
"""The tensors that a network carries: one for an RNN, two for an LSTM."""


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
        for layer in range(num_layers):
            size = hidden_size * self._directions if layer else input_size
            for end in self._ends(layer):
                rows = gates * hidden_size
                shapes: dict[str, tuple[int, ...]] = {
                    "weight_ih": (rows, size),
                    "weight_hh": (rows, hidden_size),
                }
                if bias:
                    shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
                for name, shape in shapes.items():
                    value = torch.empty(shape, device=device, dtype=dtype)
                    self.register_parameter(
                        f"{name}_{end}", nn.Parameter(value)
                    )
        self.reset_parameters()

    @property
    def _directions(self) -> int:
        return 2 if self.bidirectional else 1

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
            ("num_layers", 1),
            ("bias", True),
            ("batch_first", False),
            ("dropout", 0.0),
            ("bidirectional", False),
        ):
            if getattr(self, name) != default:
                words += f", {name}={getattr(self, name)}"
        return words

    def _unroll(
        self,
        drive: Float[Tensor, "time batch gates"],
        state: States,
        U: Float[Tensor, "gates hidden"],
    ) -> States:
        """Walk one direction; return every carried tensor at every step."""
        raise NotImplementedError

    def _kernel(self, x: Tensor, state: States, weights: States) -> States:
        """Do what `_unroll` does, product with the input included."""
        raise NotImplementedError

    # --8<-- [start:read]
    def _read(
        self, input: Tensor, hx: States | None, lengths: Lengths, carried: int
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
        rows = self.num_layers * self._directions
        if hx is None:
            zeros = weight.new_zeros(rows, batch, self.hidden_size)
            first = [zeros] * carried
        else:
            middle = () if alone else (batch,)
            for h in hx:
                check_state(
                    self.name, h, (rows, *middle, self.hidden_size), input
                )
            first = [h.unsqueeze(1) if alone else h for h in hx]
            first = [h.to(weight.dtype) for h in first]
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
        W: Tensor = getattr(self, f"weight_ih_{end}")
        U: Tensor = getattr(self, f"weight_hh_{end}")
        biases: tuple[Tensor, ...] = ()
        if self.bias:
            names = (f"bias_ih_{end}", f"bias_hh_{end}")
            biases = tuple(getattr(self, name) for name in names)
        if fused():
            walked = self._kernel(seen, start, (W, U, *biases))
            states = tuple(state.to(U.dtype) for state in walked)
        else:
            b = biases[0] + biases[1] if biases else None
            drive: Float[Tensor, "time batch gates"] = linear(seen, W, b)
            # Under autocast the product is in half precision, the loop not.
            states = self._unroll(drive.to(U.dtype), start, U)
        h = blank(states[0], steps)
        if steps is None:
            stop = tuple(s[-1] for s in states)
        else:
            rows = torch.arange(len(steps), device=steps.device)
            stop = tuple(s[steps - 1, rows] for s in states)
        return reverse(h, steps) if backwards else h, stop


def blank(
    x: Float[Tensor, "time batch input"], steps: Int[Tensor, " batch"] | None
) -> Float[Tensor, "time batch input"]:
    """Put 0 behind the end of every row, whatever stood there, even NaN."""
    if steps is None:
        return x
    behind = torch.arange(len(x), device=x.device)[:, None] >= steps
    return x.masked_fill(behind[..., None], 0)


def reverse(
    x: Float[Tensor, "time batch input"], steps: Int[Tensor, " batch"] | None
) -> Float[Tensor, "time batch input"]:
    """Turn every row round within its own length; what follows stays."""
    if steps is None:
        return x.flip(0)
    t = torch.arange(len(x), device=x.device)[:, None]
    source = torch.where(t < steps, steps - 1 - t, t)
    return x.gather(0, source[..., None].expand_as(x))
