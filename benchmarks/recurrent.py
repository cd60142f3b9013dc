"""The recurrent layers against torch's, with the plain loop beside them."""

from collections.abc import Callable, Iterator

import torch
from torch import nn

from benchmarks.compare import Row, compare
from pfs.recurrent.rnn import RNN, RNNCell

SIZES = ((35, 32, 256), (128, 32, 512))


class PlainLoop(nn.Module):
    """One cell, step by step, differentiated by torch: the definition."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.cell = RNNCell(size, size)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h, states = x.new_zeros(x.shape[1], x.shape[2]), []
        for x_t in x.unbind(0):
            h = self.cell(x_t, h)
            states.append(h)
        return torch.stack(states)


def forward(layer: nn.Module, x: torch.Tensor) -> Callable[[], object]:
    """Return a call that runs the layer without a graph."""

    def call() -> object:
        with torch.no_grad():
            return layer(x)

    return call


def both_ways(layer: nn.Module, x: torch.Tensor) -> Callable[[], object]:
    """Return a call that runs the layer forward and backward."""
    x = x.clone().requires_grad_()
    mix = torch.randn_like(x)

    def call() -> object:
        for parameter in layer.parameters():
            parameter.grad = None
        x.grad = None
        output = layer(x)
        output = output[0] if isinstance(output, tuple) else output
        return torch.autograd.backward(output, mix)

    return call


def rnn() -> Iterator[tuple[str, list[Row]]]:
    """Compare `RNN` with `torch.nn.RNN`."""
    for time, batch, hidden in SIZES:
        x = torch.randn(time, batch, hidden)
        layers = {
            "torch.nn.RNN": nn.RNN(hidden, hidden),
            "pfs RNN": RNN(hidden, hidden),
            "plain loop of RNNCell": PlainLoop(hidden),
        }
        for title, mode in (
            ("forward", forward),
            ("forward and backward", both_ways),
        ):
            rows = compare(
                {name: mode(layer, x) for name, layer in layers.items()},
                base="torch.nn.RNN",
            )
            yield f"RNN, T={time} B={batch} H={hidden}, {title}", rows
