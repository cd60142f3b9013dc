r"""The simple recurrent network, and backpropagation through time by hand.

Rumelhart, Hinton & Williams (1985), section "Recurrent nets"; Elman (1990).
Note: notes/rnn
"""

from typing import Any

import torch
from torch.autograd import Function

from pfs import kernels
from pfs.nn import checks
from pfs.nn.activation import relu, tanh
from pfs.nn.derivative import taken_once
from pfs.nn.linear import linear
from pfs.recurrent.cells import RecurrentCell
from pfs.recurrent.inputs import Lengths, check_input, check_state
from pfs.recurrent.layers import RecurrentLayers, States, Weights
from pfs.shapes import Float, Tensor

NONLINEARITIES = ("tanh", "relu")


class Unroll(Function):
    r"""All steps of one direction of one layer, forward and backward.

    $$
    \begin{align}
    z_t &= W x_t + U h_{t-1} + b \tag{1} \\
    h_t &= \phi(z_t) \tag{2}
    \end{align}
    $$

    $W x_t + b$ needs no state: it arrives here for all steps at once, and only
    $U h_{t-1}$ is left to the loop. Backward, with $g_t$ the gradient that
    reaches $h_t$ from outside the layer:

    $$
    \begin{align}
    \delta_t &= \phi'(z_t) \odot (g_t + U^\top \delta_{t+1}) \tag{3} \\
    \frac{\partial L}{\partial U} &= \sum_t \delta_t h_{t-1}^\top \tag{4} \\
    \frac{\partial L}{\partial h_0} &= U^\top \delta_1 \tag{5}
    \end{align}
    $$

    $\delta_t = \partial L / \partial z_t$ is also the gradient of $W x_t + b$.
    """

    # --8<-- [start:unroll]
    @staticmethod
    def forward(
        ctx: Any, drive: Tensor, h0: Tensor, U: Tensor, nonlinearity: str
    ) -> Tensor:
        """Turn `drive` = $W x_t + b$ (time, batch, hidden) into the states."""
        states = drive  # in its place: nothing else reads it
        h, U_T = h0, U.T.contiguous()
        for z in states.unbind(0):
            z.addmm_(h, U_T)  # (1)
            h = z.tanh_() if nonlinearity == "tanh" else z.relu_()  # (2)
        ctx.mark_dirty(drive)
        ctx.save_for_backward(states, h0, U)
        ctx.nonlinearity = nonlinearity
        return states

    @staticmethod
    @taken_once
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        """Walk back through time with $delta_t$."""
        states, h0, U = ctx.saved_tensors
        if ctx.nonlinearity == "tanh":
            delta = 1 - states * states
        else:
            delta = (states > 0).to(states.dtype)
        dh = torch.zeros_like(h0)
        for t in reversed(range(len(states))):
            delta[t].mul_(dh.add_(g[t]))  # (3)
            dh = delta[t] @ U  # (5)
        before = torch.cat([h0[None], states[:-1]])
        dU = delta.flatten(0, 1).T @ before.flatten(0, 1)  # (4)
        return delta, dh, dU, None

    # --8<-- [end:unroll]


class RNNCell(RecurrentCell):
    r"""One time step of a recurrent network.

    $$
    \begin{align}
    z_t &= W x_t + U h_{t-1} + b \tag{1} \\
    h_t &= \phi(z_t) \tag{2}
    \end{align}
    $$

    `weight_ih` is $W$, `weight_hh` is $U$, and $b$ is the sum of `bias_ih` and
    `bias_hh`.

    Args:
        input_size: Number of features of one input vector $x_t$.
        hidden_size: Number of units of the state $h_t$.
        bias: Whether to add $b$.
        nonlinearity: `"tanh"` or `"relu"`, the function $\phi$.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if a size is not above 0 or `nonlinearity` is another
            word.

    Examples:
        >>> cell = RNNCell(3, 5)
        >>> cell(torch.zeros(2, 3)).shape
        torch.Size([2, 5])

    Source:
        Elman (1990), figure 2; the twin of `torch.nn.RNNCell`.

    Differs:
        nothing from torch. Elman's units are logistic and have one bias.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        checks.one_of("RNNCell", "nonlinearity", nonlinearity, NONLINEARITIES)
        super().__init__(1, input_size, hidden_size, bias, device, dtype)
        self.nonlinearity = nonlinearity

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        words = super().extra_repr()
        if self.nonlinearity != "tanh":
            words += f", nonlinearity={self.nonlinearity}"
        return words

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
        check_input("RNNCell", input, self.input_size, self.weight_ih, (1, 2))
        if hx is None:
            hx = input.new_zeros(*input.shape[:-1], self.hidden_size)
        check_state("RNNCell", hx, (*input.shape[:-1], self.hidden_size), input)
        z: Float[Tensor, "*batch hidden"] = linear(
            input, self.weight_ih, self.bias_ih
        ) + linear(hx, self.weight_hh, self.bias_hh)  # (1)
        return tanh(z) if self.nonlinearity == "tanh" else relu(z)  # (2)

    # --8<-- [end:step]


class RNN(RecurrentLayers):
    r"""A recurrent network over whole sequences.

    Layer $l$ reads the states of layer $l-1$ as its inputs. A bidirectional
    layer reads the sequence a second time from its end and puts both states
    side by side.

    Args:
        input_size: Number of features of one input vector.
        hidden_size: Number of units of a state.
        num_layers: Number of layers.
        nonlinearity: `"tanh"` or `"relu"`.
        bias: Whether to add biases.
        batch_first: Whether axis 0 of input and output is the batch, not time.
            The state `hx` has its layers first in any case.
        dropout: The share dropped between layers while training, 0 to 1.
        bidirectional: Whether to read from both ends.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if a size, word or share is out of range.

    Examples:
        >>> rnn = RNN(3, 5, num_layers=2, batch_first=True)
        >>> output, h_n = rnn(torch.zeros(2, 7, 3))
        >>> output.shape, h_n.shape
        (torch.Size([2, 7, 5]), torch.Size([2, 2, 5]))

    Source:
        Rumelhart, Hinton & Williams (1985), section "Recurrent nets"; Elman
        (1990); the twin of `torch.nn.RNN`.

    Differs:
        `lengths=` says how long each row is, instead of torch's packed
        sequences. The gradient is derived by hand: it can be taken once, and
        not through `torch.func.grad`.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        checks.one_of("RNN", "nonlinearity", nonlinearity, NONLINEARITIES)
        super().__init__(
            1,
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
        self.nonlinearity = nonlinearity

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

    def _unroll(self, drive: Tensor, state: States, weights: Weights) -> States:
        U = weights["weight_hh"]
        return (Unroll.apply(drive, state[0], U, self.nonlinearity),)

    def _kernel(
        self, x: Tensor, state: States, weights: Weights, steps: Tensor | None
    ) -> States:
        given = tuple(weights.values())
        return kernels.rnn(x, state[0], given, self.nonlinearity)
