"""The recurrent layers against torch's, with the plain loop beside them."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn

import pfs
from benchmarks.compare import Row, compare
from pfs.recurrent.rnn import RNN, RNNCell

SIZES = ((35, 32, 256), (128, 32, 512))
FORMS: dict[str, dict[str, Any]] = {
    "2 layers, batch_first": {"num_layers": 2, "batch_first": True},
    "both directions": {"bidirectional": True},
    "relu": {"nonlinearity": "relu"},
}


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


class Fused(nn.Module):
    """Ours with torch's kernels."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.rnn = RNN(size, size)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        with pfs.backend("fused"):
            output: torch.Tensor = self.rnn(x)[0]
        return output


def states(layer: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Return the states of all steps, whatever else the layer returns."""
    output = layer(x)
    return output[0] if isinstance(output, tuple) else output


def forward(layer: nn.Module, x: torch.Tensor) -> Callable[[], object]:
    """Return a call that runs the layer without a graph."""

    def call() -> object:
        with torch.no_grad():
            return layer(x)

    return call


def both_ways(layer: nn.Module, x: torch.Tensor) -> Callable[[], object]:
    """Return a call that runs the layer forward and backward."""
    x = x.clone().requires_grad_()
    mix = torch.randn_like(states(layer, x))

    def call() -> object:
        for parameter in layer.parameters():
            parameter.grad = None
        x.grad = None
        return torch.autograd.backward(states(layer, x), mix)

    return call


def both_modes(
    title: str, layers: dict[str, nn.Module], x: torch.Tensor
) -> Iterator[tuple[str, list[Row]]]:
    """Compare layers forward alone and with backward; the first is the base."""
    for words, mode in (
        ("forward", forward),
        ("forward and backward", both_ways),
    ):
        calls = {name: mode(layer, x) for name, layer in layers.items()}
        yield f"{title}, {words}", compare(calls, base=next(iter(layers)))


def rnn() -> Iterator[tuple[str, list[Row]]]:
    """Compare `RNN` with `torch.nn.RNN`, then in its other forms."""
    for time, batch, hidden in SIZES:
        layers = {
            "torch.nn.RNN": nn.RNN(hidden, hidden),
            "pfs RNN": RNN(hidden, hidden),
            "pfs RNN, fused": Fused(hidden),
            "plain loop of RNNCell": PlainLoop(hidden),
        }
        x = torch.randn(time, batch, hidden)
        yield from both_modes(f"RNN, T={time} B={batch} H={hidden}", layers, x)
    for words, options in FORMS.items():
        time, batch, hidden = SIZES[0]
        layers = {
            "torch.nn.RNN": nn.RNN(hidden, hidden, **options),
            "pfs RNN": RNN(hidden, hidden, **options),
        }
        first = (batch, time) if options.get("batch_first") else (time, batch)
        x = torch.randn(*first, hidden)
        yield from both_modes(f"the first size, {words}", layers, x)
