"""What is compared: every layer with its twin, by the same name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

import pfs.nn
from pfs.recurrent.gru import GRU, GRUCell
from pfs.recurrent.lstm import LSTM, LSTMCell
from pfs.recurrent.rnn import RNN, RNNCell

OURS: dict[str, Any] = {
    **{name: getattr(pfs.nn, name) for name in pfs.nn.__all__},
    "RNN": RNN,
    "RNNCell": RNNCell,
    "LSTM": LSTM,
    "LSTMCell": LSTMCell,
    "GRU": GRU,
    "GRUCell": GRUCell,
}


@dataclass(frozen=True)
class Case:
    """Two modules that do the same, and what they read."""

    title: str
    theirs: nn.Module
    ours: nn.Module
    inputs: tuple[Any, ...]
    compiled: bool = True
    """Loops over time are not: compiling unrolls them, step by step."""
    plain: nn.Module | None = None
    """The definition without a gradient derived by hand."""


class PlainLoop(nn.Module):
    """One cell, step by step, differentiated by torch: the definition."""

    def __init__(self, cell: nn.Module) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hx, states = None, []
        for x_t in x.unbind(0):
            hx = self.cell(x_t, hx)
            states.append(hx[0] if isinstance(hx, tuple) else hx)
        return torch.stack(states)


class Attention(nn.Module):
    """The bare function: every query reads the values, in every head."""

    def __init__(self, function: Any, causal: bool) -> None:
        super().__init__()
        self.function, self.causal = function, causal

    def forward(self, q: Any, k: Any, v: Any) -> torch.Tensor:
        result: torch.Tensor = self.function(q, k, v, is_causal=self.causal)
        return result


class SelfAttention(nn.Module):
    """A sequence that reads itself, without a table of weights."""

    def __init__(self, layers: dict[str, Any]) -> None:
        super().__init__()
        self.heads = layers["MultiheadAttention"](512, 8, batch_first=True)

    def forward(self, x: torch.Tensor) -> Any:
        return self.heads(x, x, x, need_weights=False)[0]


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
    yield from _attentions()
    yield from _images()


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
    x, h, c = torch.randn(3, 32, 256)
    for name in ("RNN", "LSTM", "GRU"):
        twins = _twins(f"{name}Cell", 256, 256)
        state = (x, (h, c)) if name == "LSTM" else (x, h)
        yield Case(f"{name}Cell 32 x 256", *twins, state)
        for time, size in ((35, 256), (128, 512)):
            yield Case(
                f"{name}, {time} steps, 32 x {size}",
                *_twins(name, size, size),
                (torch.randn(time, 32, size),),
                compiled=False,
                plain=PlainLoop(OURS[f"{name}Cell"](size, size)),
            )
    forms: dict[str, dict[str, Any]] = {
        "2 layers": {"num_layers": 2},
        "both ends": {"bidirectional": True},
        "relu": {"nonlinearity": "relu"},
        "projected": {"proj_size": 128},
    }
    only = {"relu": "RNN", "projected": "LSTM"}
    for name in ("RNN", "LSTM", "GRU"):
        for words, options in forms.items():
            if only.get(words, name) == name:
                twins = _twins(name, 256, 256, **options)
                x = torch.randn(35, 32, 256)
                title = f"{name}, 35 steps, {words}"
                yield Case(title, *twins, (x,), compiled=False)
    theirs, ours = CharacterModel(vars(nn)), CharacterModel(OURS)
    ours.load_state_dict(theirs.state_dict())
    ids = torch.randint(28, (2, 32, 35))
    title = "characters, one step"
    yield Case(title, theirs, ours, tuple(ids), compiled=False)


def _attentions() -> Iterator[Case]:
    """Eight heads of width 64, short and long, with and without a future."""
    sizes = ((8, 128), (4, 512), (2, 2048))
    functions = (
        nn.functional.scaled_dot_product_attention,
        OURS["scaled_dot_product_attention"],
    )
    for batch, time in sizes:
        inputs = tuple(torch.randn(3, batch, 8, time, 64))
        for words, causal in (("", False), (" causal", True)):
            title = f"attention{words} {batch} x 8 x {time} x 64"
            pair = [Attention(f, causal) for f in functions]
            yield Case(title, *pair, inputs, compiled=False)
    for batch, time in sizes[:2]:
        theirs, ours = SelfAttention(vars(nn)), SelfAttention(OURS)
        ours.load_state_dict(theirs.state_dict())
        title = f"MultiheadAttention without weights {batch} x {time} x 512"
        x = torch.randn(batch, time, 512)
        yield Case(title, theirs, ours, (x,), compiled=False)
        twins = _twins("MultiheadAttention", 512, 8, batch_first=True)
        title = f"MultiheadAttention {batch} x {time} x 512"
        yield Case(title, *twins, (x, x, x), compiled=False)


def _images() -> Iterator[Case]:
    """Layers that read images: those of residual networks and of LeNet."""
    for size, batch, side, options in (
        ((64, 64, 3), 8, 56, {"padding": 1}),
        ((128, 128, 3), 8, 28, {"padding": 1}),
        ((256, 256, 3), 8, 14, {"padding": 1}),
        ((16, 16, 3), 32, 32, {"padding": 1}),
        ((64, 128, 3), 8, 56, {"padding": 1, "stride": 2}),
        ((3, 64, 7), 8, 112, {"padding": 3, "stride": 2}),
        ((64, 256, 1), 8, 56, {}),
        ((1024, 256, 1), 8, 14, {}),
        ((6, 16, 5), 32, 14, {}),
    ):
        stride = f" stride {options['stride']}" if "stride" in options else ""
        channels, outputs, kernel = size
        title = f"Conv2d {kernel}x{kernel}{stride}, {channels} to {outputs}"
        x = torch.randn(batch, channels, side, side)
        twins = _twins("Conv2d", *size, **options)
        yield Case(f"{title}, {batch} x {side}²", *twins, (x,), compiled=False)
    x = torch.randn(8, 64, 56, 56)
    for name, arguments in (
        ("MaxPool2d", (3, 2, 1)),
        ("MaxPool2d", (2,)),
        ("AvgPool2d", (2,)),
        ("AdaptiveAvgPool2d", (1,)),
        ("AdaptiveMaxPool2d", (1,)),
        ("BatchNorm2d", (64,)),
    ):
        twins = _twins(name, *arguments)
        title = f"{name}{arguments} 8 x 64 x 56²"
        yield Case(title.replace(",)", ")"), *twins, (x,), compiled=False)
    twins = _twins("BatchNorm1d", 256)
    title = "BatchNorm1d 128 x 256"
    yield Case(title, *twins, (torch.randn(128, 256),), compiled=False)
