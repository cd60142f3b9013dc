r"""A window of symbols in, the next symbol out: the neural n-gram.

Bengio, Ducharme, Vincent & Jauvin (2003), "A neural probabilistic language
model", section 2.
Note: notes/sequence
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch
from torch import nn

from pfs.errors import PfsValueError
from pfs.nn import Embedding, Linear, checks, tanh
from pfs.shapes import Float, Int, Shaped, Tensor


@dataclass(frozen=True, kw_only=True)
class WindowConfig:
    r"""Sizes of a window model, in the letters of the paper's section 2.

    Examples:
        >>> BROWN_MLP1.context
        4

    Source:
        Bengio et al. (2003), section 2 and Table 1.

    Differs:
        nothing
    """

    num_symbols: int
    """Size of the vocabulary ($|V|$)."""
    order: int
    """Symbols of an n-gram ($n$)."""
    num_features: int
    """Size of a feature vector ($m$)."""
    hidden_size: int
    """Number of hidden units ($h$); 0 for none."""
    direct: bool
    """Whether the features reach the output directly as well ($W$)."""

    @property
    def context(self) -> int:
        r"""How many symbols the model sees, $\tau = n - 1$."""
        return self.order - 1


BROWN_MLP1: Final = WindowConfig(
    num_symbols=16_383, order=5, num_features=60, hidden_size=50, direct=True
)
"""MLP1 of Table 1: the best of the paper's networks that stand alone."""
BROWN_MLP3: Final = WindowConfig(
    num_symbols=16_383, order=5, num_features=60, hidden_size=0, direct=True
)
"""MLP3 of Table 1: no hidden layer."""
BROWN_MLP9: Final = WindowConfig(
    num_symbols=16_383, order=5, num_features=30, hidden_size=100, direct=False
)
"""MLP9 of Table 1: no direct connections. Mixed with a trigram it is MLP10."""


# --8<-- [start:model]
class WindowModel(nn.Module):
    r"""Predict a symbol from a window of fixed length.

    $$
    \begin{align}
    x &= (C(w_{t-\tau}), \dots, C(w_{t-1})) \tag{7} \\
    y &= b + W x + U \tanh(d + H x) \tag{8}
    \end{align}
    $$

    Our `table` is $C$, `hidden` holds $H$ and $d$, `output` holds $U$ and $b$,
    `direct` is $W$. Without hidden units $b$ belongs to `direct`.

    Args:
        config: The sizes.

    Raises:
        ValueError: A01 if a size is out of range, A03 if there is neither a
            hidden layer nor a direct connection.
        TypeError: A02 if a size is not a whole number.

    Examples:
        >>> model = WindowModel(BROWN_MLP9)
        >>> model(torch.zeros(2, 4, dtype=torch.long)).shape
        torch.Size([2, 16383])

    Source:
        Bengio et al. (2003), equation 1.

    Differs:
        The paper lays the latest word first into $x$; here the window is in
        reading order, which permutes the columns of $W$ and $H$.
    """

    def __init__(self, config: WindowConfig) -> None:
        super().__init__()
        _check(config)
        self.config = config
        symbols = config.num_symbols
        width = config.context * config.num_features
        self.table = Embedding(symbols, config.num_features)
        self.hidden = self.output = self.direct = None
        if config.hidden_size:
            self.hidden = Linear(width, config.hidden_size)
            self.output = Linear(config.hidden_size, symbols)
        if config.direct:
            self.direct = Linear(width, symbols, bias=not config.hidden_size)

    def forward(
        self, window: Int[Tensor, "*batch context"]
    ) -> Float[Tensor, "*batch vocab"]:
        """Predict the symbol that follows each window.

        Args:
            window: The ids of the last symbols, in reading order.

        Returns:
            The logits $y$ of the next symbol.

        Raises:
            ValueError: S14 if a window has another length.
            IndexError: S09 if an id is not in the vocabulary.
        """
        checks.tensor("WindowModel", "window", window)
        checks.last_axis(
            "WindowModel", "window", window, self.config.context, "context"
        )
        return self.from_features(self.table(window).flatten(-2))  # (7)

    def from_features(
        self, x: Float[Tensor, "*batch features"]
    ) -> Float[Tensor, "*batch vocab"]:
        """Predict from feature vectors that lie side by side.

        Args:
            x: The features $x$ of a window.

        Returns:
            The logits $y$.
        """
        paths = []
        if self.direct is not None:
            paths.append(self.direct(x))
        if self.hidden is not None and self.output is not None:
            paths.append(self.output(tanh(self.hidden(x))))
        y: Float[Tensor, "*batch vocab"] = sum(paths[1:], paths[0])  # (8)
        return y


# --8<-- [end:model]


def _check(config: WindowConfig) -> None:
    checks.positive(
        "WindowModel",
        num_symbols=config.num_symbols,
        num_features=config.num_features,
        context=config.context,
    )
    if config.hidden_size:
        checks.positive("WindowModel", hidden_size=config.hidden_size)
    elif not config.direct:
        raise PfsValueError(
            "A03",
            where="WindowModel, hidden_size and direct",
            expected="a hidden layer, a direct connection, or both",
            got="hidden_size=0 and direct=False",
            todo="pass direct=True, or a hidden_size above 0",
        )


# --8<-- [start:windows]
def windows(
    values: Shaped[Tensor, " length"], context: int
) -> tuple[Shaped[Tensor, "rest context"], Shaped[Tensor, " rest"]]:
    """Cut a sequence into windows and what follows each.

    Args:
        values: The sequence: ids of symbols, or numbers.
        context: How many values a window has.

    Returns:
        The windows, one a row, each shifted by one; and the value after each.
        The first `context` values are followed by nothing to learn from.

    Raises:
        ValueError: A01 if `context` is below 1, X06 if the sequence is not
            longer than one window.

    Examples:
        >>> windows(torch.arange(5), 3)
        (tensor([[0, 1, 2],
                [1, 2, 3]]), tensor([3, 4]))

    Source:
        This project.

    Differs:
        The d2l book drops the last window, whose target it never needs.
    """
    checks.positive("windows", context=context)
    if len(values) <= context:
        raise PfsValueError(
            "X06",
            where="windows, values",
            expected=f"more than {context} values, one window and its target",
            got=f"{len(values)}",
            todo="pass a longer sequence, or a smaller context",
        )
    return values.unfold(0, context, 1)[:-1], values[context:]


# --8<-- [end:windows]


# --8<-- [start:ahead]
def predict_ahead(
    predict: Callable[[Float[Tensor, "batch context"]], Tensor],
    window: Float[Tensor, "batch context"],
    steps: int,
) -> Float[Tensor, "batch steps"]:
    r"""Let a model of numbers read its own predictions.

    $$ \hat s_{t+k} = f(\hat s_{t+k-\tau}, \dots, \hat s_{t+k-1}),
    \qquad \hat s_i = s_i \text{ for } i \le t \tag{10} $$

    Args:
        predict: $f$: takes windows (batch, context), gives what follows each
            (batch).
        window: The last values $s_{t-\tau+1}, \dots, s_t$ that are known.
        steps: How far to go.

    Returns:
        $\hat s_{t+1}, \dots, \hat s_{t+\mathrm{steps}}$ for each row.

    Raises:
        ValueError: A01 if `steps` is below 1.

    Examples:
        >>> fibonacci = torch.tensor([[1.0, 1.0]])
        >>> predict_ahead(lambda x: x.sum(1), fibonacci, 5)
        tensor([[ 2.,  3.,  5.,  8., 13.]])

    Source:
        Zhang et al., Dive into Deep Learning, "working with sequences",
        k-step-ahead prediction.

    Differs:
        nothing
    """
    checks.positive("predict_ahead", steps=steps)
    context = window.shape[1]
    known = window
    for _ in range(steps):
        following = predict(known[:, -context:])  # (10)
        known = torch.cat([known, following[:, None]], dim=1)
    return known[:, context:]


# --8<-- [end:ahead]
