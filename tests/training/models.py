"""Models to train in tests: recurrent, attention, convolution."""

import torch
from torch import nn

from pfs.data.streams import ExampleStream, TextStream
from pfs.training import Trainer, next_symbol_loss


class GRUReader(nn.Module):
    """Carries a state from window to window."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 5)
        self.gru = nn.GRU(5, 9, num_layers=2, batch_first=True, dropout=0.3)
        self.out = nn.Linear(9, 7)

    def forward(self, ids, state=None):
        states, state = self.gru(self.embedding(ids), state)
        return self.out(states), state


class Attention(nn.Module):
    """Reads each window anew, with dropout."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 8)
        self.layer = nn.TransformerEncoderLayer(
            8, 2, 16, dropout=0.2, batch_first=True
        )
        self.out = nn.Linear(8, 7)

    def forward(self, ids, state=None):
        return self.out(self.layer(self.embedding(ids))), None


class Convolution(nn.Module):
    """A residual block with batch norm, whose buffers must survive too."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.conv = nn.Conv2d(4, 4, 3, padding=1)
        self.out = nn.Linear(4, 3)

    def forward(self, images):
        x = self.norm(self.stem(images)).relu()
        x = (x + self.conv(x)).relu()
        return self.out(x.mean((2, 3)))


def image_loss(model, batch, _):
    images, labels = batch
    return nn.functional.cross_entropy(model(images), labels), None


def make(kind, steps=20, **kw):
    """Return a trainer of a small model, the same every time."""
    torch.manual_seed(0)
    ids = torch.randint(7, (301,), generator=torch.Generator().manual_seed(1))
    text = TextStream(ids, 4, 11, seed=5)
    if kind == "gru":
        model = GRUReader()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)
        parts = (text, next_symbol_loss)
    elif kind == "attention":
        model = Attention()
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        parts = (text, next_symbol_loss)
    else:
        model = Convolution()
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
        images = torch.rand(40, 1, 6, 6)
        labels = torch.randint(3, (40,))
        parts = (ExampleStream((images, labels), 8, seed=5), image_loss)
    return Trainer(model, optimizer, *parts, steps=steps, clip=1.0, **kw)


KINDS = ("gru", "attention", "convolution")
