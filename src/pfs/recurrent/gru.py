r"""The gated recurrent unit.

Cho et al. (2014), section 2.3. Note: notes/gru
"""

from typing import Any

import torch

from pfs import kernels
from pfs.nn import checks
from pfs.nn.activation import sigmoid, tanh
from pfs.nn.linear import linear
from pfs.recurrent.cells import RecurrentCell
from pfs.recurrent.gru_unroll import Unroll
from pfs.recurrent.inputs import Lengths
from pfs.recurrent.layers import RecurrentLayers, States, Weights
from pfs.shapes import Float, Tensor

RESETS = ("after", "before")


class GRUCell(RecurrentCell):
    r"""One time step of a GRU.

    $$
    \begin{align}
    r_t &= \sigma(W^r x_t + b^r + U^r h_{t-1} + c^r) \tag{1} \\
    z_t &= \sigma(W^z x_t + b^z + U^z h_{t-1} + c^z) \tag{2} \\
    n_t &= \tanh(W^n x_t + b^n + r_t \odot (U^n h_{t-1} + c^n)) \tag{3} \\
    n_t &= \tanh(W^n x_t + b^n + U^n (r_t \odot h_{t-1}) + c^n) \tag{4} \\
    h_t &= (1 - z_t) \odot n_t + z_t \odot h_{t-1} \tag{5}
    \end{align}
    $$

    The reset acts after the product with $U^n$, equation 3, or before it,
    equation 4. `weight_ih` holds $W^r, W^z, W^n$, `weight_hh` $U^r, U^z, U^n$,
    `bias_ih` is $b$ and `bias_hh` is $c$.

    Args:
        input_size: Number of features of one input vector $x_t$.
        hidden_size: Number of units of the state $h_t$.
        bias: Whether to add $b$ and $c$.
        device: Where the parameters live.
        dtype: Their floating dtype.
        reset: `"after"` or `"before"` the product with $U^n$.

    Raises:
        ValueError: A01 if a size is not above 0 or `reset` is another word.

    Examples:
        >>> cell = GRUCell(3, 5)
        >>> cell(torch.zeros(2, 3)).shape
        torch.Size([2, 5])

    Source:
        Cho et al. (2014), equations 5 to 8 (arXiv 1406.1078v3: the reset before
        the product; v1: after it); the twin of `torch.nn.GRUCell`.

    Differs:
        nothing from torch without `reset`. The paper has no biases. Its $z$
        keeps the old state, as here; in Chung et al. (2014) $1 - z$ does.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        reset: str = "after",
    ) -> None:
        checks.one_of("GRUCell", "reset", reset, RESETS)
        super().__init__(3, input_size, hidden_size, bias, device, dtype)
        self.reset = reset

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return super().extra_repr() + _words_of(self.reset)

    # --8<-- [start:step]
    def forward(
        self,
        input: Float[Tensor, "*batch input"],
        hx: Float[Tensor, "*batch hidden"] | None = None,
    ) -> Float[Tensor, "*batch hidden"]:
        """Advance one time step.

        Args:
            input: The inputs $x_t$.
            hx: The states $h_{t-1}$; zeros if `None`.

        Returns:
            The states $h_t$.
        """
        (h,) = self._first(input, None if hx is None else (hx,), 1)
        rz, new = 2 * self.hidden_size, self.hidden_size
        U, U_n = self.weight_hh.split([rz, new])
        c, c_n = (
            (None, None)
            if self.bias_hh is None
            else (self.bias_hh.split([rz, new]))
        )
        drive: Float[Tensor, "*batch gates"] = linear(
            input, self.weight_ih, self.bias_ih
        )
        drive_rz, drive_n = drive.split([rz, new], -1)
        sum_r, sum_z = (drive_rz + linear(h, U, c)).chunk(2, -1)
        r = sigmoid(sum_r)  # (1)
        z = sigmoid(sum_z)  # (2)
        if self.reset == "after":
            n = tanh(drive_n + r * linear(h, U_n, c_n))  # (3)
        else:
            n = tanh(drive_n + linear(r * h, U_n, c_n))  # (4)
        return (1 - z) * n + z * h  # (5)

    # --8<-- [end:step]


class GRU(RecurrentLayers):
    r"""Gated recurrent units over whole sequences.

    Layer $l$ reads the states of layer $l-1$ as its inputs. A bidirectional
    layer reads the sequence a second time from its end and puts both states
    side by side. The steps are those of `GRUCell`.

    Args:
        input_size: Number of features of one input vector.
        hidden_size: Number of units of a state.
        num_layers: Number of layers.
        bias: Whether to add biases.
        batch_first: Whether axis 0 of input and output is the batch, not time.
            The state `hx` has its layers first in any case.
        dropout: The share dropped between layers while training, 0 to 1.
        bidirectional: Whether to read from both ends.
        device: Where the parameters live.
        dtype: Their floating dtype.
        reset: `"after"` or `"before"` the product; see `GRUCell`.

    Raises:
        ValueError: A01 if a size, word or share is out of range.

    Examples:
        >>> gru = GRU(3, 5, num_layers=2, batch_first=True)
        >>> output, h_n = gru(torch.zeros(2, 7, 3))
        >>> output.shape, h_n.shape
        (torch.Size([2, 7, 5]), torch.Size([2, 2, 5]))

    Source:
        That of `GRUCell`; the twin of `torch.nn.GRU`.

    Differs:
        `lengths=` says how long each row is, instead of torch's packed
        sequences. The gradient is derived by hand: it can be taken once, and
        not through `torch.func.grad`. `reset` is not in torch; `"before"` has
        no fused kernel, so that both backends run the same loop.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
        *,
        reset: str = "after",
    ) -> None:
        checks.one_of("GRU", "reset", reset, RESETS)
        super().__init__(
            3,
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            device,
            dtype,
        )
        self.reset = reset

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return super().extra_repr() + _words_of(self.reset)

    def forward(
        self,
        input: Float[Tensor, "*batch_time input"],
        hx: Float[Tensor, "*layer_batch hidden"] | None = None,
        *,
        lengths: Lengths = None,
    ) -> tuple[
        Float[Tensor, "*batch_time output"],
        Float[Tensor, "*layer_batch hidden"],
    ]:
        """Read whole sequences.

        Args:
            input: The inputs, (time, batch, input); (batch, time, input) if
                `batch_first`; (time, input) for one sequence alone.
            hx: The first states, (layers * directions, batch, hidden), without
                the batch for one sequence alone; zeros if `None`.
            lengths: How many steps of each row are real; all if `None`.

        Returns:
            The states of the last layer at every step, both directions side by
            side, 0 after a row's end; and the last state of every layer and
            direction, laid out as `hx`.

        Raises:
            ValueError: S14, S05 or A01 if shapes, steps or lengths do not fit.
            TypeError: S01 if dtypes differ.
        """
        state = None if hx is None else (hx,)
        output, (h_n,) = self._read(input, state, lengths)
        return output, h_n

    @property
    def _has_kernel(self) -> bool:
        return self.reset == "after"

    def _shift(self, weights: Weights) -> Tensor | None:
        """Leave the bias that the reset acts on to the loop."""
        if not self.bias or self.reset == "before":
            return super()._shift(weights)
        rz = 2 * self.hidden_size
        b, c = weights["bias_ih"], weights["bias_hh"]
        return torch.cat([b[:rz] + c[:rz], b[rz:]])

    def _unroll(self, drive: Tensor, state: States, weights: Weights) -> States:
        c_n = None
        if self.bias and self.reset == "after":
            c_n = weights["bias_hh"][2 * self.hidden_size :]
        U = weights["weight_hh"]
        h, _ = Unroll.apply(drive, state[0], U, c_n, self.reset)
        return (h,)

    def _kernel(
        self, x: Tensor, state: States, weights: Weights, steps: Tensor | None
    ) -> States:
        return kernels.gru(x, state[0], tuple(weights.values()))


def _words_of(reset: str) -> str:
    """Return the argument that torch does not have, where it is used."""
    return "" if reset == "after" else f", reset={reset}"
