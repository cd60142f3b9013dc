"""What is compared: every layer with its twin, by the same name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

import pfs.nn
from pfs.recurrent.rnn import RNN, RNNCell

OURS: dict[str, Any] = {
    **{name: getattr(pfs.nn, name) for name in pfs.nn.__all__},
    "RNN": RNN,
    "RNNCell": RNNCell,
}


@dataclass(frozen=True)
class Case:
    """Two modules that do the same, and what they read."""

    title: str
    theirs: nn.Module
    ours: nn.Module
    inputs: tuple[torch.Tensor, ...]
    compiled: bool = True
    """Loops over time are not: compiling unrolls them, step by step."""
    plain: nn.Module | None = None
    """The definition without a gradient derived by hand."""


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


class CharacterModel(nn.Module):
    """Table, network, output and loss: one step of the recipe."""

    def __init__(self, layers: dict[str, Any]) -> None:
        super().__init__()
        self.table = layers["Embedding"](28, 32)
        self.network = layers["RNN"](32, 256, batch_first=True)
        self.output = layers["Linear"](256, 28)
        self.loss = layers["CrossEntropyLoss"]()

    def forward(self, ids: torch.Tensor, targets: torch.Tensor) -> Any:
        states, _ = self.network(self.table(ids))
        return self.loss(self.output(states).flatten(0, 1), targets.flatten())


def cases() -> Iterator[Case]:
    """Build one case after the other."""
    yield from _rows()
    yield from _lookups()
    yield from _recurrent()


def _twins(name: str, *sizes: int, **options: Any) -> list[nn.Module]:
    theirs = getattr(nn, name)(*sizes, **options)
    ours = OURS[name](*sizes, **options)
    ours.load_state_dict(theirs.state_dict())
    return [theirs, ours]


def _rows() -> Iterator[Case]:
    """Layers that read one table of numbers."""
    every = (("1120 x 256", (1120, 256)), ("4096 x 768", (4096, 768)))
    for size, shape in every:
        x = torch.randn(shape)
        for name, arguments, options in (
            ("Linear", (shape[1], 256), {}),
            ("LayerNorm", (shape[1],), {}),
            ("GELU", (), {}),
            ("GELU", (), {"approximate": "tanh"}),
            ("ReLU", (), {}),
            ("Tanh", (), {}),
            ("Sigmoid", (), {}),
            ("Dropout", (0.1,), {}),
            ("Softmax", (), {"dim": -1}),
            ("LogSoftmax", (), {"dim": -1}),
        ):
            words = " tanh" if "approximate" in options else ""
            twins = _twins(name, *arguments, **options)
            yield Case(f"{name}{words} {size}", *twins, (x,))
    for name, options in (("GELU", {}), ("Softmax", {"dim": -1})):
        x = torch.randn(16384, 512)
        yield Case(f"{name} 16384 x 512", *_twins(name, **options), (x,))


def _lookups() -> Iterator[Case]:
    """Layers that read whole numbers, alone or beside logits."""
    ids = torch.randint(10_000, (32, 35))
    twins = _twins("Embedding", 10_000, 256)
    yield Case("Embedding 10000 x 256", *twins, (ids,))
    for words, options in (("", {}), (" smoothed", {"label_smoothing": 0.1})):
        for rows, classes in ((1120, 28), (1120, 10_000)):
            logits = torch.randn(rows, classes)
            targets = torch.randint(classes, (rows,))
            title = f"CrossEntropyLoss{words} {rows} x {classes}"
            twins = _twins("CrossEntropyLoss", **options)
            yield Case(title, *twins, (logits, targets))


def _recurrent() -> Iterator[Case]:
    """Sequences, and a model made of them."""
    x, h = torch.randn(32, 256), torch.randn(32, 256)
    yield Case("RNNCell 32 x 256", *_twins("RNNCell", 256, 256), (x, h))
    for time, size in ((35, 256), (128, 512)):
        yield Case(
            f"RNN, {time} steps, 32 x {size}",
            *_twins("RNN", size, size),
            (torch.randn(time, 32, size),),
            compiled=False,
            plain=PlainLoop(size),
        )
    forms: dict[str, dict[str, Any]] = {
        "2 layers": {"num_layers": 2},
        "both ends": {"bidirectional": True},
        "relu": {"nonlinearity": "relu"},
    }
    for words, options in forms.items():
        twins = _twins("RNN", 256, 256, **options)
        x = torch.randn(35, 32, 256)
        title = f"RNN, 35 steps, {words}"
        yield Case(title, *twins, (x,), compiled=False)
    theirs, ours = CharacterModel(vars(nn)), CharacterModel(OURS)
    ours.load_state_dict(theirs.state_dict())
    ids = torch.randint(28, (2, 32, 35))
    title = "characters, one step"
    yield Case(title, theirs, ours, tuple(ids), compiled=False)
