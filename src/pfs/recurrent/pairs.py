"""Two networks of one direction each: their sizes, and whether they fit."""

from dataclasses import dataclass
from typing import Any, Final

from torch import nn

from pfs.errors import PfsTypeError, PfsValueError
from pfs.nn import checks
from pfs.recurrent.inputs import Lengths, to_lengths
from pfs.recurrent.layers import RecurrentLayers
from pfs.recurrent.rows import reverse
from pfs.shapes import Float, Tensor

MERGES: Final = ("concat", "sum", "mean")
"""How the states of the two directions become one vector."""


@dataclass(frozen=True, kw_only=True)
class ReaderConfig:
    """Sizes of a model that reads symbols from both ends."""

    embedding_size: int
    """Size of a symbol's vector."""
    hidden_size: int
    """Number of units of a state, in each direction."""
    num_layers: int
    """Number of layers, in each direction."""
    cell: str
    """Kind of recurrent layers: rnn, lstm or gru."""
    dropout: float
    """Share dropped before, between and after the layers while training."""


SMALL_READER: Final = ReaderConfig(
    embedding_size=32, hidden_size=64, num_layers=1, cell="gru", dropout=0.1
)
"""Sizes for a text of a few pages."""


def check_fit(ahead: Any, back: Any, merge: str) -> None:
    """Refuse networks that cannot be joined."""
    checks.one_of("Bidirectional", "merge", merge, MERGES)
    for name, net in (("ahead", ahead), ("back", back)):
        if not isinstance(net, RecurrentLayers):
            raise PfsTypeError(
                "A02",
                where=f"Bidirectional, {name}",
                expected="a network of pfs.recurrent: RNN, LSTM or GRU",
                got=type(net).__name__,
                todo="load the weights of a torch network into one of these",
            )
        if net.bidirectional:
            raise PfsValueError(
                "A03",
                where=f"Bidirectional, {name}",
                expected="a network that reads in one direction",
                got="bidirectional=True",
                todo="leave it out: the second direction is the other network",
            )
    common = ["input_size", "batch_first"]
    for what in common + ["size of a state"] * (merge != "concat"):
        one, two = _what(ahead, what), _what(back, what)
        if one != two:
            raise PfsValueError(
                "A03",
                where=f"Bidirectional, {what}",
                expected="the same in both networks",
                got=f"{one} and {two}",
                todo="make both alike, or keep both states: merge='concat'"
                if what == "size of a state"
                else "make both networks with the same arguments",
            )


def _what(net: RecurrentLayers, what: str) -> Any:
    if what == "size of a state":
        return net.proj_size or net.hidden_size
    return getattr(net, what)


# --8<-- [start:turn]
def turn(
    x: Float[Tensor, "*batch_time input"], lengths: Lengths, batch_first: bool
) -> Float[Tensor, "*batch_time input"]:
    """Reverse every row within its true length; padding stays behind."""
    alone = x.ndim == 2
    time_first = batch_first and not alone
    rows = x.unsqueeze(1) if alone else x
    rows = rows.transpose(0, 1) if time_first else rows
    time, batch = rows.shape[:2]
    steps = to_lengths("Bidirectional", lengths, time, batch, x.device)
    rows = reverse(rows, steps)
    rows = rows.transpose(0, 1) if time_first else rows
    return rows.squeeze(1) if alone else rows


# --8<-- [end:turn]


def from_torch(
    module: nn.Module, weights: dict[str, Any], prefix: str, *rest: Any
) -> None:
    """Sort weights that have torch's names to the two networks."""
    for name in list(weights):
        own = name.removeprefix(prefix)
        if name.startswith(prefix) and own.startswith(("weight_", "bias_")):
            side = "back." if own.endswith("_reverse") else "ahead."
            new = prefix + side + own.removesuffix("_reverse")
            weights[new] = weights.pop(name)
