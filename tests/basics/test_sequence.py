"""The window model equals torch's layers, and reads windows rightly."""

from dataclasses import replace

import pytest
import torch
from contract import EXACT, ModuleContract, gradients
from torch import nn as theirs
from torch.testing import assert_close

from pfs import ledger
from pfs.basics.sequence import (
    BROWN_MLP1,
    BROWN_MLP3,
    BROWN_MLP9,
    WindowConfig,
    WindowModel,
    predict_ahead,
    windows,
)

SMALL = WindowConfig(
    num_symbols=11, order=4, num_features=5, hidden_size=7, direct=True
)
ALONE = replace(SMALL, direct=False)
LINEAR = replace(SMALL, hidden_size=0)


class Judge(theirs.Module):
    """Equation 1 of the paper, from the layers of torch."""

    def __init__(self, config):
        super().__init__()
        v, m, h = config.num_symbols, config.num_features, config.hidden_size
        width = (config.order - 1) * m
        self.table = theirs.Embedding(v, m)
        if h:
            self.hidden = theirs.Linear(width, h)
            self.output = theirs.Linear(h, v)
        if config.direct:
            self.direct = theirs.Linear(width, v, bias=h == 0)

    def forward(self, window):
        x = torch.cat([self.table(w) for w in window.unbind(-1)], -1)
        y = 0
        if hasattr(self, "hidden"):
            y = y + self.output(torch.tanh(self.hidden(x)))
        if hasattr(self, "direct"):
            y = y + self.direct(x)
        return y


class Windows(ModuleContract):
    signature = False
    inputs = staticmethod(
        lambda batch: (
            torch.randint(
                11, (batch, 3), generator=torch.Generator().manual_seed(0)
            ),
        )
    )


class TestWindowModel(Windows):
    module = staticmethod(lambda: WindowModel(SMALL))
    twin = staticmethod(lambda: Judge(SMALL))
    # |V|(1 + nm + h) + h(1 + (n - 1)m)
    parameters = 11 * (1 + 4 * 5 + 7) + 7 * (1 + 3 * 5)


class TestWithoutDirect(Windows):
    module = staticmethod(lambda: WindowModel(ALONE))
    twin = staticmethod(lambda: Judge(ALONE))
    parameters = 11 * (1 + 5 + 7) + 7 * (1 + 3 * 5)


class TestWithoutHidden(Windows):
    module = staticmethod(lambda: WindowModel(LINEAR))
    twin = staticmethod(lambda: Judge(LINEAR))
    parameters = 11 * (1 + 4 * 5)


@pytest.mark.parametrize("shape", [(3,), (1, 3), (2, 5, 3)])
def test_leading_axes_do_not_matter(shape):
    torch.manual_seed(0)
    model, judge = WindowModel(SMALL).double(), Judge(SMALL).double()
    judge.load_state_dict(model.state_dict())
    window = torch.randint(11, shape)
    assert_close(model(window), judge(window), **EXACT)
    assert_close(
        gradients(model, (window,), *model.parameters()),
        gradients(judge, (window,), *judge.parameters()),
        **EXACT,
    )


@pytest.mark.parametrize(
    ("config", "id"),
    [
        (BROWN_MLP1, "sequence-parameters-mlp1"),
        (BROWN_MLP3, "sequence-parameters-mlp3"),
        (BROWN_MLP9, "sequence-parameters-mlp9"),
    ],
)
def test_the_papers_networks_have_the_sizes_of_its_formula(config, id):
    with torch.device("meta"):
        model = WindowModel(config)
    count = sum(p.numel() for p in model.parameters())
    assert count == ledger.value(id)


def test_the_formula_counts_the_direct_connections():
    """Without them |V|(n - 1)m fewer: the paper sets W to 0."""
    v, n, m = 11, 4, 5
    with_, without = (
        sum(p.numel() for p in WindowModel(c).parameters())
        for c in (SMALL, ALONE)
    )
    assert with_ - without == v * (n - 1) * m


def test_one_row_of_the_table_serves_every_place():
    """The table is shared; only H and W know at which place a symbol is."""
    torch.manual_seed(0)
    model = WindowModel(SMALL)
    rows = model.table.weight
    model(torch.tensor([[3, 3, 8]])).sum().backward()
    touched = rows.grad.abs().sum(1).nonzero().flatten().tolist()
    assert touched == [3, 8]
    a, b = model(torch.tensor([[3, 4, 8], [4, 3, 8]]))
    assert not torch.allclose(a, b)


def test_the_window_ends():
    """What lies further back cannot matter, bit for bit."""
    torch.manual_seed(0)
    text = torch.randint(11, (9,))
    changed = text.clone()
    changed[0] = (text[0] + 1) % 11
    model = WindowModel(SMALL)
    a, b = (model(windows(t, 3)[0]) for t in (text, changed))
    assert torch.equal(a[1:], b[1:])
    assert not torch.equal(a[0], b[0])


@pytest.mark.parametrize(
    ("length", "context"), [(2, 1), (7, 1), (7, 3), (7, 6), (30, 11)]
)
def test_windows_hold_what_comes_before_their_target(length, context):
    values = torch.randn(length)
    rows, targets = windows(values, context)
    assert rows.shape == (length - context, context)
    for place, (row, target) in enumerate(zip(rows, targets, strict=True)):
        assert torch.equal(row, values[place : place + context])
        assert target == values[place + context]


def test_ahead_the_known_values_are_replaced_by_predicted_ones():
    torch.manual_seed(0)
    rows, weights = torch.randn(4, 3).double(), [0.3, -1.1, 0.7]
    predict = lambda window: window @ window.new_tensor(weights)
    got = predict_ahead(predict, rows, 5)
    for row, ahead in zip(rows, got, strict=True):
        known = row.tolist()
        for _ in range(5):
            known.append(
                sum(w * x for w, x in zip(weights, known[-3:], strict=True))
            )
        assert_close(ahead, torch.tensor(known[3:], dtype=torch.float64))
    assert torch.equal(predict_ahead(predict, rows, 1)[:, 0], predict(rows))


def test_ahead_the_gradient_reaches_the_known_values():
    window = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    weights = torch.randn(3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(
        lambda x, w: predict_ahead(lambda row: row.tanh() @ w, x, 4),
        (window, weights),
    )
