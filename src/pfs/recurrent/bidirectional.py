r"""Bidirectional recurrent networks, and what they are for.

Schuster & Paliwal (1997). Note: notes/bidirectional
"""

from typing import Any, Final

import torch
from torch import nn

from pfs.nn import Dropout, Embedding, Linear, checks
from pfs.recurrent.gru import GRU
from pfs.recurrent.inputs import Lengths
from pfs.recurrent.layers import RecurrentLayers
from pfs.recurrent.lstm import LSTM
from pfs.recurrent.pairs import ReaderConfig, check_fit, from_torch, turn
from pfs.recurrent.rnn import RNN
from pfs.shapes import Float, Int, Tensor

CELLS: Final[dict[str, Any]] = {"rnn": RNN, "lstm": LSTM, "gru": GRU}
"""The networks that can read a direction, by name."""


class Bidirectional(nn.Module):
    r"""Two networks that read the same sequences, one from each end.

    $$
    \begin{align}
    \overrightarrow{h}_t &= \overrightarrow{f}(x_t, \overrightarrow{h}_{t-1})
    \tag{1} \\
    \overleftarrow{h}_t &= \overleftarrow{f}(x_t, \overleftarrow{h}_{t+1})
    \tag{2} \\
    h_t &= [\overrightarrow{h}_t \,;\, \overleftarrow{h}_t] \tag{3}
    \end{align}
    $$

    The network `ahead` is $\overrightarrow{f}$, and `back` is
    $\overleftarrow{f}$. With `merge="sum"` or `"mean"`, (3) adds the two
    states or takes their mean instead.

    Args:
        ahead: A network that reads from the first step to the last.
        back: A network of the same input size, given the sequences turned
            round.
        merge: `"concat"`, `"sum"` or `"mean"`.

    Raises:
        TypeError: A02 if one of them is no recurrent network.
        ValueError: A01 if `merge` is another word, A03 if a network reads
            both ways already or the two do not fit together.

    Examples:
        >>> net = Bidirectional(GRU(3, 5), GRU(3, 5))
        >>> output, (last, first) = net(torch.zeros(7, 2, 3), lengths=[7, 4])
        >>> output.shape, last.shape, first.shape
        (torch.Size([7, 2, 10]), torch.Size([1, 2, 5]), torch.Size([1, 2, 5]))

    Source:
        Schuster & Paliwal (1997), section II.

    Differs:
        The last states are a pair; torch stacks them. A network of several
        layers keeps to its direction from bottom to top; in torch every layer
        reads both directions of the one below, here a second `Bidirectional`.
        Weights may be loaded by torch's names, of `back` with `_reverse`.
    """

    def __init__(
        self,
        ahead: RecurrentLayers,
        back: RecurrentLayers,
        merge: str = "concat",
    ) -> None:
        super().__init__()
        check_fit(ahead, back, merge)
        self.ahead, self.back, self.merge = ahead, back, merge
        self.register_load_state_dict_pre_hook(from_torch)

    # --8<-- [start:read]
    def forward(
        self,
        input: Float[Tensor, "*batch_time input"],
        hx: tuple[Any, Any] = (None, None),
        *,
        lengths: Lengths = None,
    ) -> tuple[Float[Tensor, "*batch_time output"], tuple[Any, Any]]:
        """Read whole sequences from both ends.

        Args:
            input: The inputs, laid out as the two networks want them.
            hx: The first states: of `ahead`, which begins at the first step,
                and of `back`, which begins at the last.
            lengths: How many steps of each row are real; all if `None`.

        Returns:
            The merged states at every step, 0 after a row's end; and the pair
            of last states: of `ahead` after the last step, of `back` after
            the first.
        """
        layout = lengths, self.ahead.batch_first
        h, last = self.ahead(input, hx[0], lengths=lengths)  # (1)
        turned = turn(input, *layout)
        g, end = self.back(turned, hx[1], lengths=lengths)
        g = turn(g, *layout)  # (2)
        if self.merge == "concat":
            return torch.cat([h, g], -1), (last, end)  # (3)
        both = h + g
        return both if self.merge == "sum" else both / 2, (last, end)

    # --8<-- [end:read]


# --8<-- [start:around]
def around(
    states: Float[Tensor, "batch time both"],
) -> Float[Tensor, "batch time both"]:
    r"""Join the state before every step with the state after it.

    $$
    c_t = [\overrightarrow{h}_{t-1} \,;\, \overleftarrow{h}_{t+1}] \tag{4}
    $$

    Neither has read $x_t$: what $c_t$ knows is everything but $x_t$. Before
    the first step and after the last there is nothing, a state of zeros.

    Args:
        states: The states $[\overrightarrow{h}_t ; \overleftarrow{h}_t]$ of a
            `Bidirectional` that joins two networks of equal size.

    Returns:
        The vectors $c_t$.

    Examples:
        >>> states = torch.tensor([[[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]])
        >>> around(states)[0].tolist()
        [[0.0, 20.0], [1.0, 30.0], [2.0, 0.0]]

    Source:
        Berglund et al. (2015), section 2.

    Differs:
        nothing
    """
    h, g = states.chunk(2, -1)
    nothing = torch.zeros_like(h[:, :1])
    before = torch.cat([nothing, h[:, :-1]], 1)
    after = torch.cat([g[:, 1:], nothing], 1)
    return torch.cat([before, after], -1)  # (4)


# --8<-- [end:around]


def _one_way(size: int, layers: int, config: ReaderConfig) -> RecurrentLayers:
    checks.one_of("ReaderConfig", "cell", config.cell, tuple(CELLS))
    net: RecurrentLayers = CELLS[config.cell](
        size,
        config.hidden_size,
        num_layers=layers,
        batch_first=True,
        dropout=config.dropout if layers > 1 else 0.0,
    )
    return net


class GapFiller(nn.Module):
    r"""Predict every symbol from all the others, without seeing it.

    $$
    o_t = C\, c_t + b \tag{5}
    $$

    $c_t$ is what `around` joins, and $\mathrm{softmax}(o_t)$ estimates
    $p(x_t \mid x_1 \dots x_{t-1}, x_{t+1} \dots x_T)$. The two directions meet
    at the top only: in a layer that reads both directions of the one below,
    $\overrightarrow{h}_{t-1}$ would know $x_t$.

    Args:
        num_symbols: Size of the vocabulary.
        config: The sizes.

    Raises:
        ValueError: A01 if a size, share or word is out of range.

    Examples:
        >>> from pfs.recurrent.pairs import SMALL_READER
        >>> model = GapFiller(28, SMALL_READER)
        >>> model(torch.zeros(2, 7, dtype=torch.long)).shape
        torch.Size([2, 7, 28])

    Source:
        Berglund et al. (2015), section 2.

    Differs:
        Schuster & Paliwal (1997) guess classes from all inputs; here classes
        and inputs are the same symbols, so the one in question is left out.
    """

    def __init__(self, num_symbols: int, config: ReaderConfig) -> None:
        super().__init__()
        checks.positive("GapFiller", num_symbols=num_symbols)
        self.embedding = Embedding(num_symbols, config.embedding_size)
        size = config.embedding_size
        self.reader = Bidirectional(
            _one_way(size, config.num_layers, config),
            _one_way(size, config.num_layers, config),
        )
        self.dropout = Dropout(config.dropout)
        self.output = Linear(2 * config.hidden_size, num_symbols)

    def forward(
        self, ids: Int[Tensor, "batch time"], lengths: Lengths = None
    ) -> Float[Tensor, "batch time vocab"]:
        """Guess every symbol of every row.

        Args:
            ids: The symbols $x_t$.
            lengths: How many of each row are real; all if `None`.

        Returns:
            The logits $o_t$; those after a row's end mean nothing.
        """
        x = self.dropout(self.embedding(ids))
        states, _ = self.reader(x, lengths=lengths)
        o: Float[Tensor, "batch time vocab"] = self.output(
            self.dropout(around(states))
        )  # (5)
        return o


class Tagger(nn.Module):
    r"""Label every symbol, with its left and its right in view.

    $$
    o_t = C\, h_t + b \tag{6}
    $$

    Here $x_t$ may be seen: what is predicted is its label. So every layer reads
    both directions of the one below, and $h_t$ is what the top layer says.

    Args:
        num_symbols: Size of the vocabulary.
        num_labels: How many labels there are.
        config: The sizes.

    Raises:
        ValueError: A01 if a size, share or word is out of range.

    Examples:
        >>> from pfs.recurrent.pairs import SMALL_READER
        >>> tagger = Tagger(28, 3, SMALL_READER)
        >>> tagger(torch.zeros(2, 7, dtype=torch.long), [7, 4]).shape
        torch.Size([2, 7, 3])

    Source:
        Schuster & Paliwal (1997), section II, which labels frames of speech.

    Differs:
        A table of vectors stands before the network, and dropout.
    """

    def __init__(
        self, num_symbols: int, num_labels: int, config: ReaderConfig
    ) -> None:
        super().__init__()
        checks.positive(
            "Tagger",
            num_symbols=num_symbols,
            num_labels=num_labels,
            num_layers=config.num_layers,
        )
        self.embedding = Embedding(num_symbols, config.embedding_size)
        sizes = [config.embedding_size]
        sizes += [2 * config.hidden_size] * (config.num_layers - 1)
        self.layers = nn.ModuleList(
            Bidirectional(_one_way(n, 1, config), _one_way(n, 1, config))
            for n in sizes
        )
        self.dropout = Dropout(config.dropout)
        self.output = Linear(2 * config.hidden_size, num_labels)

    def forward(
        self, ids: Int[Tensor, "batch time"], lengths: Lengths = None
    ) -> Float[Tensor, "batch time labels"]:
        """Label every symbol of every row.

        Args:
            ids: The symbols $x_t$.
            lengths: How many of each row are real; all if `None`.

        Returns:
            The logits $o_t$; those after a row's end mean nothing.
        """
        x = self.embedding(ids)
        for layer in self.layers:
            x, _ = layer(self.dropout(x), lengths=lengths)
        o: Float[Tensor, "batch time labels"] = self.output(
            self.dropout(x)
        )  # (6)
        return o
