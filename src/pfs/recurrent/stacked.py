r"""Recurrent layers on top of each other, with shortcuts past the layers.

Graves (2013), section 2: the network that reads and predicts a sequence.
Note: notes/stacked
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import torch
from torch import nn

from pfs.nn import checks
from pfs.nn.dropout import dropout
from pfs.nn.linear import Linear
from pfs.recurrent.gru import GRU
from pfs.recurrent.inputs import Lengths, check_input
from pfs.recurrent.layers import RecurrentLayers
from pfs.recurrent.lstm import LSTM
from pfs.recurrent.rnn import RNN
from pfs.recurrent.stacked_states import Part, State, deal, together
from pfs.shapes import Float, Tensor

CELLS: Final[Mapping[str, Callable[..., RecurrentLayers]]] = {
    "rnn": RNN,
    "lstm": LSTM,
    "lstm-peephole": partial(LSTM, peepholes=True),
    "gru": GRU,
}
r"""What $\mathcal{H}$ may be; `"lstm-peephole"` is the paper's."""


class Stack(nn.Module):
    r"""Recurrent layers, each of which reads the one below.

    $$
    \begin{align}
    h^1_t &= \mathcal{H}(W_{ih^1} x_t + W_{h^1h^1} h^1_{t-1} + b^1_h) \tag{1} \\
    h^n_t &= \mathcal{H}(W_{ih^n} x_t + W_{h^{n-1}h^n} h^{n-1}_t
        + W_{h^nh^n} h^n_{t-1} + b^n_h) \tag{2}
    \end{align}
    $$

    With `skip` every layer sees the input and the output is that of all layers
    side by side. Layer $n$ then reads $x_t$ and $h^{n-1}_t$ as one vector, and
    its `weight_ih` is $[W_{ih^n}, W_{h^{n-1}h^n}]$. Without, the terms
    $W_{ih^n} x_t$ of (2) are missing and the output is that of the last layer.

    Args:
        input_size: Number of features of one input vector $x_t$.
        hidden_size: Number of units of each layer.
        num_layers: Number of layers $N$.
        cell: `"rnn"`, `"lstm"`, `"lstm-peephole"` or `"gru"`: the function
            $\mathcal{H}$.
        bias: Whether to add biases.
        batch_first: Whether axis 0 of input and output is the batch, not time.
            The states `hx` have their layers first in any case.
        dropout: The share dropped while training of what one layer hands to
            the next, 0 to 1.
        device: Where the parameters live.
        dtype: Their floating dtype.
        skip: Whether there are connections past the layers.

    Raises:
        ValueError: A01 if a size, share or word is out of range.
        TypeError: A02 if a size or share is no number.

    Examples:
        >>> stack = Stack(3, 5, num_layers=2)
        >>> output, (h_n, c_n) = stack(torch.zeros(7, 4, 3))
        >>> output.shape, h_n.shape
        (torch.Size([7, 4, 10]), torch.Size([2, 4, 5]))

    Source:
        Graves (2013), equations 1 and 2; Zaremba, Sutskever & Vinyals (2014),
        section 3.2, for a dropout that leaves the recurrent edges alone.

    Differs:
        Without `skip` it computes what `torch.nn.LSTM(num_layers=N)` computes;
        torch has no shortcuts. The names of the parameters are those of a list
        of layers, `layers.0.weight_ih_l0`. Two biases where the paper has one.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        cell: str = "lstm",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        device: Any = None,
        dtype: Any = None,
        *,
        skip: bool = True,
    ) -> None:
        super().__init__()
        checks.positive("Stack", num_layers=num_layers)
        checks.one_of("Stack", "cell", cell, tuple(CELLS))
        checks.probability("Stack", "dropout", dropout)
        if dropout and num_layers == 1:
            warnings.warn(
                "dropout acts between layers: with num_layers=1 it does "
                f"nothing, but dropout={dropout}",
                stacklevel=2,
            )
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.cell = cell
        self.batch_first = batch_first
        self.dropout = dropout
        self.skip = skip
        options = {"bias": bias, "batch_first": batch_first}
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        self.layers = nn.ModuleList(
            CELLS[cell](self._reads(n), hidden_size, 1, **options, **kind)
            for n in range(num_layers)
        )

    def _reads(self, layer: int) -> int:
        """Return how many features a layer reads."""
        if layer == 0:
            return self.input_size
        return self.hidden_size + (self.input_size if self.skip else 0)

    @property
    def output_size(self) -> int:
        """Number of features of an output vector."""
        return self.hidden_size * (self.num_layers if self.skip else 1)

    def extra_repr(self) -> str:
        """Return what the layers do not say."""
        return f"skip={self.skip}, dropout={self.dropout}"

    # --8<-- [start:stack]
    def forward(
        self,
        input: Float[Tensor, "*batch_time input"],
        hx: State | None = None,
        *,
        lengths: Lengths = None,
    ) -> tuple[Float[Tensor, "*batch_time output"], State]:
        """Read whole sequences, layer by layer.

        Args:
            input: The inputs, (time, batch, input); (batch, time, input) if
                `batch_first`; (time, input) for one sequence alone.
            hx: The first states of all layers, (layers, batch, hidden), the
                lowest first, without the batch for one sequence alone; a pair
                of them for an LSTM; zeros if `None`.
            lengths: How many steps of each row are real; all if `None`.

        Returns:
            The states $h^n_t$ at every step, of all layers side by side with
            `skip`, else of the last, 0 after a row's end; and the last states
            of all layers, laid out as `hx`.

        Raises:
            ValueError: S14, S05 or A01 if shapes, steps or lengths do not fit.
            TypeError: S01 if dtypes differ, A02 if `hx` has another form.
        """
        weight: Tensor = getattr(self.layers[0], "weight_ih_l0")  # noqa: B009
        check_input("Stack", input, self.input_size, weight, (2, 3))
        sizes, pair = (self.num_layers, self.hidden_size), "lstm" in self.cell
        first = deal(hx, input, self.batch_first, sizes, pair)
        states: list[Tensor] = []
        last: list[Part] = []
        for layer, start in zip(self.layers, first, strict=True):
            reads = input
            if states:
                h = dropout(states[-1], self.dropout, self.training)
                reads = torch.cat([input, h], -1) if self.skip else h  # (2)
            state, end = layer(reads, start, lengths=lengths)  # (1)
            states.append(state)
            last.append(end)
        output = torch.cat(states, -1) if self.skip else states[-1]
        return output, together(last)

    # --8<-- [end:stack]


@dataclass(frozen=True, kw_only=True)
class StackedConfig:
    """The sizes of a prediction network.

    Examples:
        >>> HANDWRITING_DEEP.num_layers, HANDWRITING_WIDE.hidden_size
        (3, 900)

    Source:
        Graves (2013), sections 3 and 4.

    Differs:
        nothing
    """

    input_size: int
    """Number of features of one input vector."""
    hidden_size: int
    """Number of units of each layer."""
    num_layers: int
    """Number of layers."""
    output_size: int
    """Number of features of one output vector."""
    cell: str = "lstm-peephole"
    """Which cell the layers are made of."""
    dropout: float = 0.0
    """Share dropped between the layers while training."""
    skip: bool = True
    """Whether there are connections past the layers."""


PENN_CHARACTERS: Final = StackedConfig(
    input_size=49, hidden_size=1000, num_layers=1, output_size=49
)
"""Section 3.1: the Penn Treebank, character by character."""
WIKIPEDIA: Final = StackedConfig(
    input_size=205, hidden_size=700, num_layers=7, output_size=205
)
"""Section 3.2, as its text says; it counts the weights of five layers."""
HANDWRITING_DEEP: Final = StackedConfig(
    input_size=3, hidden_size=400, num_layers=3, output_size=121
)
"""Section 4.2: three layers."""
HANDWRITING_WIDE: Final = StackedConfig(
    input_size=3, hidden_size=900, num_layers=1, output_size=121
)
"""Section 4.2: one wide layer with about as many weights."""


class PredictionNetwork(nn.Module):
    r"""A stack and a linear map of the states to what is predicted.

    $$
    \hat{y}_t = b_y + \sum_{n=1}^{N} W_{h^ny} h^n_t \tag{3}
    $$

    `output.weight` is $[W_{h^1y}, \dots, W_{h^Ny}]$; without `skip` it is
    $W_{h^Ny}$ alone.

    Args:
        config: The sizes.

    Raises:
        ValueError: A01 if a size, share or word is out of range.

    Examples:
        >>> config = StackedConfig(
        ...     input_size=3, hidden_size=5, num_layers=2, output_size=4
        ... )
        >>> y, state = PredictionNetwork(config)(torch.zeros(2, 7, 3))
        >>> y.shape
        torch.Size([2, 7, 4])

    Source:
        Graves (2013), section 2, equations 1 to 3.

    Differs:
        The softmax of equation 4 belongs to the loss here. The parameters
        start as torch's do; the paper does not say how its own start.
    """

    def __init__(self, config: StackedConfig) -> None:
        super().__init__()
        self.config = config
        self.stack = Stack(
            config.input_size,
            config.hidden_size,
            config.num_layers,
            config.cell,
            batch_first=True,
            dropout=config.dropout,
            skip=config.skip,
        )
        self.output = Linear(self.stack.output_size, config.output_size)

    def forward(
        self,
        input: Float[Tensor, "batch time input"],
        hx: State | None = None,
        *,
        lengths: Lengths = None,
    ) -> tuple[Float[Tensor, "batch time output"], State]:
        r"""Predict at every step.

        Args:
            input: The inputs $x_t$.
            hx: The states before them, as `Stack` takes them.
            lengths: How many steps of each row are real; all if `None`.

        Returns:
            $\hat{y}_t$, which is $b_y$ after a row's end; and the last states.
        """
        h, state = self.stack(input, hx, lengths=lengths)
        return self.output(h), state  # (3)
