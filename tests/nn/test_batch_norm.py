"""Batch normalization equals torch's: values, slopes, running values."""

import pytest
import torch
from contract import EXACT, ModuleContract, gradients
from oracles import samples
from torch import nn as theirs
from torch.nn import functional
from torch.testing import assert_close
from twins import grid, same, same_layers

from pfs import nn
from pfs.errors import PfsError


class TestBatchNorm2d(ModuleContract):
    module = staticmethod(lambda: nn.BatchNorm2d(3, 1e-3))
    twin = staticmethod(lambda: theirs.BatchNorm2d(3, 1e-3))
    inputs = staticmethod(lambda batch: (torch.randn(batch, 3, 4, 2),))
    parameters = 2 * 3


class TestBatchNorm1d(ModuleContract):
    module = staticmethod(lambda: nn.BatchNorm1d(5, bias=False))
    twin = staticmethod(lambda: theirs.BatchNorm1d(5, bias=False))
    inputs = staticmethod(lambda batch: (torch.randn(batch, 5),))
    parameters = 5


class TestBatchNorm1dOfSequences(ModuleContract):
    module = staticmethod(lambda: nn.BatchNorm1d(5, affine=False))
    twin = staticmethod(lambda: theirs.BatchNorm1d(5, affine=False))
    inputs = staticmethod(lambda batch: (torch.randn(batch, 5, 3),))
    parameters = 0


def numbers(*shape):
    chance = torch.Generator().manual_seed(sum(shape))
    return torch.randn(shape, generator=chance, dtype=torch.float64)


def trained(**options):
    """Two equal layers with gains and shifts that are not 1 and 0."""
    ours, twin = (h.BatchNorm2d(3, **options).double() for h in (nn, theirs))
    with torch.no_grad():
        for i, parameter in enumerate(ours.parameters()):
            parameter.add_(numbers(3), alpha=0.3 + i)
    twin.load_state_dict(ours.state_dict())
    return ours, twin


@pytest.mark.parametrize(
    "options",
    grid(
        momentum=[0.1, 1.0, None],
        affine=[True, False],
        track_running_stats=[True, False],
    ),
)
def test_three_batches_and_an_evaluation(options):
    """After every batch the running values are torch's, and are used."""
    ours, twin = trained(**options)
    weights = [list(m.parameters()) for m in (ours, twin)]
    for turn, training in enumerate([True, True, True, False]):
        ours.train(training)
        twin.train(training)
        x = numbers(4, 3, 2, 2 + turn) * 2 + 1
        assert_close(ours(x), twin(x), **EXACT)
        assert_close(ours.state_dict(), twin.state_dict(), **EXACT)
        slopes = [
            gradients(m, (x,), *w)
            for m, w in zip((ours, twin), weights, strict=True)
        ]
        assert_close(*slopes, **EXACT)


def test_the_running_variance_starts_at_1_and_is_divided_by_n_minus_1():
    layer = nn.BatchNorm1d(1, momentum=0.25).double()
    assert layer.running_var.item() == 1
    x = torch.tensor([[1.0], [3.0], [8.0]], dtype=torch.float64)
    layer(x)
    assert layer.running_mean.item() == pytest.approx(0.25 * 4)
    assert layer.running_var.item() == pytest.approx(0.75 + 0.25 * 13)
    assert layer.num_batches_tracked.item() == 1
    layer.reset_running_stats()
    assert [b.item() for b in layer.buffers()] == [0, 1, 0]


def test_equal_to_torch_on_its_own_samples():
    """But for the two without channels, which are refused."""
    every = [s for s in samples.calls("batch_norm") if s[0].ndim > 1]
    assert len(every) == 10
    for input, (*values, weight, bias), options in every:

        def form(f, values=values, options=options):
            kept = [None if v is None else v.clone() for v in values]
            return lambda x, g, b: f(x, *kept, g, b, **options)

        functions = nn.batch_norm, functional.batch_norm
        same(*map(form, functions), input, weight, bias)
    assert same_layers("BatchNorm1d") == 8
    assert same_layers("BatchNorm2d") == 7


@pytest.mark.parametrize("shape", [(4, 3), (3, 3, 2), (2, 3, 2, 2)])
@pytest.mark.parametrize("training", [True, False])
def test_gradients_equal_finite_differences(shape, training):
    mean, var = numbers(3), numbers(3).square() + 0.5
    call = lambda x, g, b: nn.batch_norm(
        x, mean.clone(), var.clone(), g, b, training
    )
    given = [
        t.requires_grad_() for t in (numbers(*shape), numbers(3), numbers(3))
    ]
    assert torch.autograd.gradcheck(call, given)


def test_far_from_0_the_variance_stays_exact():
    x = numbers(8, 2, 3, 3).float() + 1000
    given = x.double(), None, None, None, None, True
    y = nn.batch_norm(x, None, None, training=True)
    assert_close(y.double(), functional.batch_norm(*given), rtol=0, atol=1e-3)


def test_running_values_take_no_part_in_the_gradient():
    layer, _ = trained()
    layer(numbers(4, 3, 2, 2).requires_grad_())
    assert not any(b.requires_grad for b in layer.buffers())


def test_a_second_derivative_is_refused():
    x = numbers(4, 3).requires_grad_()
    y = nn.batch_norm(x, None, None, training=True)
    with pytest.raises(PfsError) as caught:
        torch.autograd.grad(y.sum(), x, create_graph=True)
    assert caught.value.code == "G01"
