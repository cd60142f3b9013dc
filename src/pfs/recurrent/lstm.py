r"""Long short-term memory.

Hochreiter & Schmidhuber (1997), with the forget gate of Gers, Schmidhuber &
Cummins (2000) unless it is left out. Note: notes/lstm
"""

from typing import Any

from pfs import kernels
from pfs.nn.activation import sigmoid, tanh
from pfs.nn.linear import linear
from pfs.recurrent.cells import RecurrentCell
from pfs.recurrent.inputs import Lengths, check_pair
from pfs.recurrent.layers import RecurrentLayers, States, Weights
from pfs.recurrent.lstm_forms import (
    check_form,
    further_weights,
    set_forget_bias,
    words_of,
)
from pfs.recurrent.lstm_unroll import Unroll
from pfs.shapes import Float, Tensor

State = tuple[Float[Tensor, "*batch said"], Float[Tensor, "*batch hidden"]]
"""The pair $(h_t, c_t)$: what leaves the cell and what stays in it."""


class LSTMCell(RecurrentCell):
    r"""One time step of an LSTM.

    $$
    \begin{align}
    [z^i, z^f, z^g, z^o] &= W x_t + U h_{t-1} + b \tag{1} \\
    i_t &= \sigma(z^i + p^i \odot c_{t-1}) \tag{2} \\
    f_t &= \sigma(z^f + p^f \odot c_{t-1}) \tag{3} \\
    c_t &= f_t \odot c_{t-1} + i_t \odot \tanh(z^g) \tag{4} \\
    o_t &= \sigma(z^o + p^o \odot c_t) \tag{5} \\
    h_t &= o_t \odot \tanh(c_t) \tag{6}
    \end{align}
    $$

    `weight_ih` is $W$, `weight_hh` is $U$, and $b$ is the sum of `bias_ih` and
    `bias_hh`; `weight_ch` holds $p^i, p^f, p^o$, which are 0 without peepholes.

    Args:
        input_size: Number of features of one input vector $x_t$.
        hidden_size: Number of units of the state.
        bias: Whether to add $b$.
        device: Where the parameters live.
        dtype: Their floating dtype.
        forget_gate: Whether there is $f_t$; if not, $f_t = 1$ and the weights
            have three parts: i, g, o.
        peepholes: Whether the gates see the cell.
        forget_bias: What $b^f$ starts with; drawn like the rest if `None`.

    Raises:
        ValueError: A01 if a size is not above 0, A03 if there is no $b^f$ for
            `forget_bias`.
        TypeError: A02 if `forget_bias` is not a number.

    Examples:
        >>> cell = LSTMCell(3, 5)
        >>> h, c = cell(torch.zeros(2, 3))
        >>> h.shape, c.shape
        (torch.Size([2, 5]), torch.Size([2, 5]))

    Source:
        Hochreiter & Schmidhuber (1997), section 4; Gers, Schmidhuber & Cummins
        (2000), section 3, for the forget gate; Gers & Schmidhuber (2000),
        "Recurrent nets that time and count", for the peepholes; the twin of
        `torch.nn.LSTMCell`.

    Differs:
        nothing from torch without the last three arguments. The cell of 1997
        squashes by $4 \sigma(z) - 2$ and $2 \sigma(c) - 1$ where tanh stands
        here, and cuts the error off at the gates; here all of it goes back.
    """

    forget_bias: float | None = None

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        forget_gate: bool = True,
        peepholes: bool = False,
        forget_bias: float | None = None,
    ) -> None:
        check_form("LSTMCell", hidden_size, 0, bias, forget_gate, forget_bias)
        super().__init__(
            4 if forget_gate else 3,
            input_size,
            hidden_size,
            bias,
            device,
            dtype,
            further_weights(hidden_size, 0, forget_gate, peepholes),
        )
        self.forget_gate = forget_gate
        self.peepholes = peepholes
        self.forget_bias = forget_bias
        set_forget_bias(self, forget_bias, hidden_size)

    def reset_parameters(self) -> None:
        r"""Draw from $U(-1/\sqrt{h}, 1/\sqrt{h})$; set the forget bias."""
        super().reset_parameters()
        set_forget_bias(self, self.forget_bias, self.hidden_size)

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return super().extra_repr() + words_of(self)

    # --8<-- [start:step]
    def forward(
        self,
        input: Float[Tensor, "*batch input"],
        hx: State | None = None,
    ) -> State:
        """Advance one time step.

        Args:
            input: The inputs $x_t$.
            hx: The pair $(h_{t-1}, c_{t-1})$; zeros if `None`.

        Returns:
            The pair $(h_t, c_t)$.
        """
        if hx is not None:
            check_pair("LSTMCell", hx)
        h, c = self._first(input, hx, 2)
        z: Float[Tensor, "*batch gates"] = linear(
            input, self.weight_ih, self.bias_ih
        ) + linear(h, self.weight_hh, self.bias_hh)  # (1)
        z_i, *z_f, z_g, z_o = z.split(self.hidden_size, -1)
        p_i, *p_f, p_o = self._peepholes()
        i = sigmoid(z_i + p_i * c)  # (2)
        kept = sigmoid(z_f[0] + p_f[0] * c) * c if z_f else c  # (3)
        c = kept + i * tanh(z_g)  # (4)
        o = sigmoid(z_o + p_o * c)  # (5)
        return o * tanh(c), c  # (6)

    # --8<-- [end:step]

    def _peepholes(self) -> tuple[Tensor | float, ...]:
        """Return the weights of i, f and o for the cell: 0 for none."""
        if not self.peepholes:
            return (0.0,) * (3 if self.forget_gate else 2)
        weights: Tensor = getattr(self, "weight_ch")  # noqa: B009
        return tuple(weights.split(self.hidden_size))


class LSTM(RecurrentLayers):
    r"""A long short-term memory over whole sequences.

    Layer $l$ reads the states of layer $l-1$ as its inputs. A bidirectional
    layer reads the sequence a second time from its end and puts both states
    side by side. The steps are those of `LSTMCell`; with a projection the
    state is $h_t = R \, (o_t \odot \tanh c_t)$, `weight_hr` is $R$.

    Args:
        input_size: Number of features of one input vector.
        hidden_size: Number of units of a cell.
        num_layers: Number of layers.
        bias: Whether to add biases.
        batch_first: Whether axis 0 of input and output is the batch, not time.
            The states `hx` have their layers first in any case.
        dropout: The share dropped between layers while training, 0 to 1.
        bidirectional: Whether to read from both ends.
        proj_size: Number of features a state is projected to; 0 for none.
        device: Where the parameters live.
        dtype: Their floating dtype.
        forget_gate: Whether there is a forget gate; see `LSTMCell`.
        peepholes: Whether the gates see the cell.
        forget_bias: What its bias starts with; drawn like the rest if `None`.

    Raises:
        ValueError: A01 if a size or share is out of range, A03 if there is no
            bias of a forget gate for `forget_bias`.
        TypeError: A02 if `forget_bias` is not a number.

    Examples:
        >>> lstm = LSTM(3, 5, num_layers=2, batch_first=True)
        >>> output, (h_n, c_n) = lstm(torch.zeros(2, 7, 3))
        >>> output.shape, h_n.shape, c_n.shape
        (torch.Size([2, 7, 5]), torch.Size([2, 2, 5]), torch.Size([2, 2, 5]))

    Source:
        That of `LSTMCell`; Sak, Senior & Beaufays (2014) for the projection;
        Jozefowicz, Zaremba & Sutskever (2015) for a `forget_bias` of 1; the
        twin of `torch.nn.LSTM`.

    Differs:
        `lengths=` says how long each row is, instead of torch's packed
        sequences. The gradient is derived by hand: it can be taken once, and
        not through `torch.func.grad`. `forget_gate`, `peepholes` and
        `forget_bias` are not in torch; the first two have no fused kernel, so
        that both backends run the same loop.
    """

    forget_bias: float | None = None

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
        *,
        forget_gate: bool = True,
        peepholes: bool = False,
        forget_bias: float | None = None,
    ) -> None:
        check_form(
            "LSTM", hidden_size, proj_size, bias, forget_gate, forget_bias
        )
        super().__init__(
            4 if forget_gate else 3,
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            device,
            dtype,
            proj_size,
            further_weights(hidden_size, proj_size, forget_gate, peepholes),
        )
        self.forget_gate = forget_gate
        self.peepholes = peepholes
        self.forget_bias = forget_bias
        set_forget_bias(self, forget_bias, hidden_size)

    def reset_parameters(self) -> None:
        r"""Draw from $U(-1/\sqrt{h}, 1/\sqrt{h})$; set the forget bias."""
        super().reset_parameters()
        set_forget_bias(self, self.forget_bias, self.hidden_size)

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return super().extra_repr() + words_of(self)

    def forward(
        self,
        input: Float[Tensor, "*batch_time input"],
        hx: State | None = None,
        *,
        lengths: Lengths = None,
    ) -> tuple[Float[Tensor, "*batch_time output"], State]:
        """Read whole sequences.

        Args:
            input: The inputs, (time, batch, input); (batch, time, input) if
                `batch_first`; (time, input) for one sequence alone.
            hx: The first $h$ and $c$, each (layers * directions, batch, size),
                without the batch for one sequence alone; zeros if `None`.
            lengths: How many steps of each row are real; all if `None`.

        Returns:
            The states $h$ of the last layer at every step, both directions
            side by side, 0 after a row's end; and the pair of last states and
            cells of every layer and direction, laid out as `hx`.

        Raises:
            ValueError: S14, S05 or A01 if shapes, steps or lengths do not fit.
            TypeError: S01 if dtypes differ, A02 if `hx` is not a pair.
        """
        if hx is not None:
            check_pair("LSTM", hx)
        output, (h_n, c_n) = self._read(input, hx, lengths)
        return output, (h_n, c_n)

    @property
    def _sizes(self) -> tuple[int, ...]:
        return self.proj_size or self.hidden_size, self.hidden_size

    @property
    def _has_kernel(self) -> bool:
        return self.forget_gate and not self.peepholes

    def _unroll(self, drive: Tensor, state: States, weights: Weights) -> States:
        further = (weights.get("weight_hr"), weights.get("weight_ch"))
        h, c, _ = Unroll.apply(drive, *state, weights["weight_hh"], *further)
        return h, c

    def _kernel(
        self, x: Tensor, state: States, weights: Weights, steps: Tensor | None
    ) -> States:
        return kernels.lstm(x, state, tuple(weights.values()), steps)
