r"""The model of the character recipe.

Notes: notes/rnn, notes/lstm, notes/gru, notes/stacked
"""

from typing import Any

import torch
from torch import nn

from pfs.nn import Dropout, Embedding, Linear, checks
from pfs.recipes.char_rnn_config import CELLS, CharRNNConfig
from pfs.recurrent.gru import GRU
from pfs.recurrent.lstm import LSTM
from pfs.recurrent.rnn import RNN
from pfs.recurrent.stacked import Stack
from pfs.shapes import Float, Int, Tensor

State = Float[Tensor, "layer batch hidden"] | tuple[Tensor, ...]
"""What is carried from window to window: $h$, or the pair $h, c$ of an LSTM."""


class CharRNN(nn.Module):
    r"""Symbols in, logits of the next symbol out.

    $$
    \begin{align}
    h_t, s_t &= \mathrm{cell}(x_t, s_{t-1}) \tag{1} \\
    z_t &= V h_t + c \tag{2}
    \end{align}
    $$

    $x_t$ is a one-hot vector, or a row of a table that is learned. The state
    $s_t$ is $h_t$ alone, or the pair $h_t, c_t$ of an LSTM. Several layers are
    a `Stack`: with `skip` $h_t$ is that of all layers side by side.

    Args:
        num_symbols: Size of the vocabulary.
        config: Of it, the cell, the sizes and the dropout.

    Raises:
        ValueError: A01 if a size, share or cell is out of range.

    Examples:
        >>> from pfs.recipes.char_rnn_config import CHAR_RNN
        >>> model = CharRNN(28, CHAR_RNN)
        >>> logits, state = model(torch.zeros(2, 35, dtype=torch.long))
        >>> logits.shape, state.shape
        (torch.Size([2, 35, 28]), torch.Size([1, 2, 256]))

    Source:
        Mikolov et al. (2010), equations 1 to 3; Elman (1990). With other
        cells, Sundermeyer, Schlüter & Ney (2012); with `skip`, Graves (2013).

    Differs:
        tanh units, and dropout (Zaremba et al. 2014) where the table or the
        layers end; both papers have logistic units and no dropout.
    """

    def __init__(self, num_symbols: int, config: CharRNNConfig) -> None:
        super().__init__()
        checks.positive("CharRNN", num_symbols=num_symbols)
        checks.one_of("CharRNN", "cell", config.cell, CELLS)
        kinds: dict[str, Any] = {"rnn": RNN, "lstm": LSTM, "gru": GRU}
        self.num_symbols = num_symbols
        self.embedding = (
            Embedding(num_symbols, config.embedding_size)
            if config.embedding_size
            else None
        )
        sizes = config.embedding_size or num_symbols, config.hidden_size
        self.rnn: nn.Module
        if config.num_layers == 1:
            self.rnn = kinds[config.cell](*sizes, batch_first=True)
            width = config.hidden_size
        else:
            self.rnn = stack = Stack(
                *sizes,
                config.num_layers,
                config.cell,
                batch_first=True,
                dropout=config.dropout,
                skip=config.skip,
            )
            width = stack.output_size
        self.dropout = Dropout(config.dropout)
        self.output = Linear(width, num_symbols)

    def forward(
        self,
        ids: Int[Tensor, "batch time"],
        state: State | None = None,
    ) -> tuple[Float[Tensor, "batch time vocab"], State]:
        """Read on from a state.

        Args:
            ids: The symbols $w_t$.
            state: The state before them; zeros if `None`.

        Returns:
            The logits $z_t$ of the symbols $w_{t+1}$, and the last state.
        """
        if self.embedding is None:
            checks.indices("CharRNN", "ids", ids, self.num_symbols)
            one_hot = torch.eye(self.num_symbols, device=ids.device)
            x = one_hot[ids]
        else:
            x = self.dropout(self.embedding(ids))
        h, state = self.rnn(x, state)  # (1)
        return self.output(self.dropout(h)), state  # (2)
